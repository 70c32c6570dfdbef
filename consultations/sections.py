"""What the home page and the page tree show of this room."""

from __future__ import annotations

from site_pages import tree

from .models import ConsultationsPage

tree.register(
    tree.Node(
        65,
        "lay-y-kien",
        ConsultationsPage,
        ("Lấy ý kiến", "Consultations"),
        (
            "Dự thảo văn bản và nội dung về cải cách hành chính đang lấy ý kiến; mỗi ý kiến "
            "đều được trả lời.",
            "Drafts and questions on administrative reform that are open for comment; every "
            "opinion is answered.",
        ),
        in_menu=True,
    )
)
