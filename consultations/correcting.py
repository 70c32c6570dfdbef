"""Mending a tree that was read: kinds and labels, places, what is one provision or two.

Every act keeps the order of the words unless it says so; none drops a word.
"""

from __future__ import annotations

from collections.abc import Callable

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from portal.accounts.models import User
from portal.text import clean

from . import labels, mapping
from .models import Provision, ProvisionKind, ProvisionMapping
from .tree import Branch, Tree, walk
from .versions import held_text

DEEPEST = 12
# What stands for itself: a table is not joined to words, nor a footnote.
_APART = {ProvisionKind.TABLE, ProvisionKind.NOTE}


class _Place:
    """A branch found in its tree: its siblings, its index among them, what it stands under."""

    def __init__(self, tree: Tree, provision_id: int) -> None:
        self.tree = tree
        found = self._search(tree.roots, None, provision_id)
        if found is None:
            raise ValidationError(_("The provision is no longer there. Look at the text again."))
        self.siblings, self.index, self.parent = found
        self.branch = self.siblings[self.index]

    def _search(
        self, branches: list[Branch], parent: Branch | None, provision_id: int
    ) -> tuple[list[Branch], int, Branch | None] | None:
        for index, branch in enumerate(branches):
            if branch.row.pk == provision_id:
                return branches, index, parent
            if found := self._search(branch.children, branch, provision_id):
                return found
        return None

    @property
    def before(self) -> Branch | None:
        """The sibling before it."""
        return self.siblings[self.index - 1] if self.index else None


def _corrected(provision_id: int, by: User, act: str, change: Callable[[_Place], object]) -> int:
    """Do one change to the tree; returns the id of the provision to look at next."""
    known = Provision.objects.only("text_version_id").filter(pk=provision_id).first()
    if known is None:
        raise ValidationError(_("The provision is no longer there. Look at the text again."))
    with transaction.atomic():
        _held, text = held_text(known.text_version_id, by)
        tree = Tree.load(text)
        place = _Place(tree, provision_id)
        name = place.branch.row.name
        was_mapped = ProvisionMapping.objects.filter(text_version=text).exists()
        shown = change(place)
        tree.save()
        # After a correction what became of the old provisions is proposed and confirmed anew.
        if was_mapped:
            mapping.propose(text)
        data = {"version": text.number, "note": f"{name}: {act}"[:200]}
        log(text.consultation, "consultations.text.correct", user=by, data=data)
    return shown.row.pk if isinstance(shown, Branch) else provision_id


def rewrite(
    provision_id: int, by: User, kind: str, label: str = "", heading: str = "", text: str = ""
) -> int:
    """Set kind and label, and what of the words is heading and what text."""

    def change(place: _Place) -> None:
        row = place.branch.row
        if (row.kind == ProvisionKind.TABLE) != (kind == ProvisionKind.TABLE):
            raise ValidationError({"kind": _("A table stays a table, and words stay words.")})
        row.kind = ProvisionKind(kind)
        row.label, row.heading, row.text = clean(label)[:120], clean(heading), clean(text)
        if not (row.label or row.heading or row.text or row.cells):
            raise ValidationError({"text": _("A provision says something.")})

    return _corrected(provision_id, by, "rewrite", change)


def move_up(provision_id: int, by: User) -> int:
    """Before the sibling that it follows, with all that stands below it."""

    def change(place: _Place) -> None:
        if not place.index:
            raise ValidationError(_("It is the first one there already."))
        at = place.index
        place.siblings[at - 1 : at + 1] = [place.branch, place.siblings[at - 1]]

    return _corrected(provision_id, by, "move up", change)


def move_down(provision_id: int, by: User) -> int:
    def change(place: _Place) -> None:
        if place.index + 1 == len(place.siblings):
            raise ValidationError(_("It is the last one there already."))
        at = place.index
        place.siblings[at : at + 2] = [place.siblings[at + 1], place.branch]

    return _corrected(provision_id, by, "move down", change)


def indent(provision_id: int, by: User) -> int:
    """Below the sibling before it."""

    def change(place: _Place) -> None:
        above = place.before
        if above is None or above.row.kind in _APART:
            raise ValidationError(_("There is nothing before it that it could stand below."))
        if place.branch.row.depth >= DEEPEST:
            raise ValidationError(_("The text is not divided as deeply as that."))
        place.siblings.pop(place.index)
        above.children.append(place.branch)

    return _corrected(provision_id, by, "indent", change)


def outdent(provision_id: int, by: User) -> int:
    """Beside what it stands below; what followed it there now stands below it."""

    def change(place: _Place) -> None:
        if place.parent is None:
            raise ValidationError(_("It stands at the outermost level already."))
        followers = place.siblings[place.index + 1 :]
        if followers and place.branch.row.kind in _APART:
            raise ValidationError(_("Nothing can stand below a table or a footnote."))
        del place.siblings[place.index :]
        place.branch.children += followers
        above = _Place(place.tree, place.parent.row.pk)
        above.siblings.insert(above.index + 1, place.branch)

    return _corrected(provision_id, by, "outdent", change)


def place_under(provision_id: int, by: User, parent_id: int) -> int:
    """Below another provision, as its last; the words move along, so their order changes."""

    def change(place: _Place) -> None:
        if any(branch.row.pk == parent_id for branch in walk([place.branch])):
            raise ValidationError({"parent_id": _("A provision does not stand below itself.")})
        target = _Place(place.tree, parent_id).branch
        if target.row.kind in _APART:
            raise ValidationError(
                {"parent_id": _("Nothing can stand below a table or a footnote.")}
            )
        place.siblings.pop(place.index)
        target.children.append(place.branch)

    return _corrected(provision_id, by, "move", change)


def join(provision_id: int, by: User) -> int:
    """Make it a paragraph of the provision right before it in the text."""

    def change(place: _Place) -> Branch:
        target = _right_before(place)
        if target is None or {target.row.kind, place.branch.row.kind} & _APART:
            raise ValidationError(_("It cannot be joined: before it stands no text."))
        row = place.branch.row
        first = row.heading or row.text
        lines = [target.row.text, f"{row.label} {first}".strip(), row.text if row.heading else ""]
        target.row.text = "\n".join(line for line in lines if line)
        place.siblings.pop(place.index)
        # What stood below it still follows its words.
        target.children[:0] = place.branch.children
        _drop(place.branch)
        return target

    return _corrected(provision_id, by, "join", change)


def _right_before(place: _Place) -> Branch | None:
    """What ends where this begins: the last below the sibling before, or what it stands under."""
    if place.before is None:
        return place.parent
    branch = place.before
    while branch.children:
        branch = branch.children[-1]
    return branch


def _drop(branch: Branch) -> None:
    """Delete the row whose words went elsewhere; its children are given new parents first."""
    mapping.forget(branch.row.text_version)
    Provision.objects.filter(parent=branch.row).update(parent=None)
    branch.row.delete()


def split(provision_id: int, by: User, begins: str) -> int:
    """Begin a new provision where these words begin; what stands below goes with it."""
    wanted = clean(begins)

    def change(place: _Place) -> Branch:
        row = place.branch.row
        at = row.text.find(wanted) if wanted else -1
        if at < 0 or not row.text[at:].strip():
            raise ValidationError(
                {"begins": _("These words do not stand in the text. Copy them from it.")}
            )
        if at == 0 and not (row.label or row.heading):
            raise ValidationError({"begins": _("The provision begins with these words already.")})
        made = Branch(_begun(row, row.text[at:]), place.branch.children)
        row.text, place.branch.children = row.text[:at].rstrip(), []
        place.siblings.insert(place.index + 1, made)
        made.row.position, made.row.sha256 = row.position, ""
        made.row.save()
        return made

    return _corrected(provision_id, by, "split", change)


def _begun(row: Provision, said: str) -> Provision:
    """A provision of these words, with the label that they begin with, if it is one."""
    readers = (labels.named, labels.article, labels.point, labels.clause)
    mark = next((found for read in readers if (found := read(said))), None)
    made = Provision(text_version=row.text_version, kind=row.kind, text=said.strip())
    if made.kind in _APART:
        made.kind = ProvisionKind.PLAIN
    if mark:
        made.kind, made.label, made.text = labels.KINDS[mark.level], mark.label, mark.rest
    return made
