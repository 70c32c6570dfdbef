"""What may be wider than the screen scrolls in a frame that the keyboard reaches."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings
from django.template import Context, Template

FRAME = 'tabindex="0" role="region" aria-label='


def test_a_frame_has_a_name_that_cannot_end_it():
    page = Template("{% load scrolling %}{% scrolling name %}<b>1</b>{% endscrolling %}")
    shown = page.render(Context({"name": 'Kết quả "2026" <script>'}))
    assert shown == (
        f'<div class="scroll" {FRAME}"Kết quả &quot;2026&quot; &lt;script&gt;"><b>1</b></div>'
    )


def test_no_template_makes_a_frame_of_its_own():
    own = ('class="scroll', "overflow-x-auto")
    templates = Path(settings.BASE_DIR).glob("*/templates/**/*.html")
    assert not [path for path in templates if any(word in path.read_text() for word in own)]
