"""Real objects behind every address of the house: one of each kind, and two sections."""

from __future__ import annotations

from datetime import date

from django.contrib.auth.models import Group
from django.core.files.base import ContentFile
from wagtail.contrib.redirects.models import Redirect
from wagtail.documents.models import Document
from wagtail.models import (
    Collection,
    Locale,
    PageViewRestriction,
    Site,
    Workflow,
)
from wagtail_localize.models import Translation, TranslationSource

from consultations import drafting
from consultations.models import AgencyInvitation, PaperOpinion, SynthesisRow
from consultations.synthesis import taking_in
from documents.models import DocumentImport, ImportState
from editorial import activity, planning, training
from editorial.models import (
    Absence,
    Contribution,
    ContributionFile,
    Delegation,
    Post,
    SectionRule,
    YearPlan,
)
from news.sources import OfficialSource
from news.templating import ArticleTemplate
from portal import clock
from portal.accounts.models import User
from portal.accounts.roles import Role
from portal.agencies.models import Agency, Membership
from portal.outbox.models import OutboxRow
from portal.protection import quarantine
from portal.protection.models import FileState, QuarantinedFile
from portal.reporting.models import Edition, EditionFile, EditionState, FileKind
from portal.rules.models import CalendarDay, LegalBasis, RuleValue
from satisfaction.models import (
    Action,
    AgencyNetwork,
    Collector,
    DataExport,
    PaperForm,
    PosterBatch,
    QuestionnaireImport,
    Survey,
    ThemeGrouping,
)
from satisfaction.questionnaires import template
from site_pages.models import SiteContact
from site_pages.search.models import SearchSynonym
from tests.accounts import user
from tests.consultations import factories as consulting
from tests.consultations.factories import make_consultation
from tests.editorial import people
from tests.editorial.address_section import Section
from tests.protection import files
from tests.satisfaction.factories import make_survey, respond
from tests.satisfaction.measures import make_definition, make_weighting

NOW = "2026-11-20 12:00"


class House:
    """The whole office, with the section of the member who is asked about, and another."""

    OWN, OTHER = "tinh-hinh-ket-qua", "ban-chi-dao"

    def __init__(self) -> None:
        people.lay_roles()
        self.head = people.appointed("truong.ban", Post.HEAD)
        self.deputy = people.appointed("pho.ban", Post.DEPUTY)
        self.screener = people.appointed("to.cong.tac", Post.WORKING_GROUP)
        self.member = people.appointed("thanh.vien")
        self.other_member = people.appointed("thanh.vien.khac")
        people.in_charge(self.member, self.OWN)
        people.in_charge(self.other_member, self.OTHER)
        self.writer = people.collaborator("cong.tac.vien", self.OWN)
        other_writer = people.collaborator("cong.tac.vien.khac", self.OTHER)
        self.agency = Agency.objects.get(code="SNV")
        self.officer = Membership.objects.create(
            user=user("can.bo.so"), agency=self.agency, valid_from=people.FIRST
        )
        self.plan = self._plan()
        self.own = Section(self.OWN, self.writer, self.member, self)
        self.other = Section(self.OTHER, other_writer, self.other_member, self)
        self.shared = (
            self._words()
            | self._registers()
            | self._papers()
            | self._translation()
            | self._contribution()
            | self._opinion()
            | self._consultation()
        )
        self.rows = self._rows()

    def people(self) -> dict[str, User | None]:
        """Every role, in the order of the table's columns."""
        return {
            "visitor": None,
            "account": user("tai.khoan"),
            "collaborator": self.writer.user,
            "officer": self.officer.user,
            "group": self.screener.user,
            "member": self.member.user,
            "deputy": self.deputy.user,
            "head": self.head.user,
            "leader": self._leader(),
            "admin": people.admin(),
        }

    def values(self, name: str, section: Section) -> dict[str, object]:
        """The arguments of an address: what is the section's own, or the one thing there is."""
        found = WORDS | self.shared | section.values
        if name.endswith("_act"):
            # No act of this name: what is asked is who comes as far as being told so.
            found["code"] = "khong-co"
        space = name.partition(":")[0]
        found["pk"] = self.rows.get(space, found["page_id"])
        for word, key in (("image", "image_id"), ("doc", "document_id")):
            if word in space or f":{word}" in name:
                found["pk"] = found[key]
        if name.startswith(("wagtailsettings", "wagtailsites")):
            found |= {"app_name": "site_pages", "model_name": "sitecontact"}
        # Without this its success would look like a refusal: back to the front of the admin.
        number = self.shared["translation_id"]
        found["wagtail_localize:stop_translation"] = (
            f"/quan-tri/localize/translate/{number}/disable/?next=/quan-tri/account/"
        )
        if name in OF_PUBLIC_PAGES:
            found["page_id"] = section.public.pk
        elsewhere = self.other if section is self.own else self.own
        found["destination_id"] = elsewhere.page.pk
        found["wagtail_bulk_action"] = (
            f"/quan-tri/bulk/wagtailcore/page/move/?id={found['page_id']}"
        )
        return found

    def agency_asked_by(self, slug: str) -> Agency:
        """The officer's agency is asked about the one section only."""
        if slug == self.OWN:
            return self.agency
        return Agency.objects.filter(kind="ward").order_by("pk").first()

    def _leader(self) -> User:
        made = user("lanh.dao")
        made.groups.add(Group.objects.get(name=Role.LEADERSHIP))
        return made

    def _plan(self) -> YearPlan:
        group = self.screener.user
        plan = planning.begin(2026, "Định hướng", group)
        for slug in (self.OWN, self.OTHER):
            planning.add_topic(plan.pk, slug, people.section(slug), "Ba bài", 4, group)
        planning.submit(plan.pk, group)
        return planning.approve(plan.pk, "12/KH-BBT", people.FIRST, self.head.user)

    def _words(self) -> dict[str, object]:
        page = self.own.public
        restriction = PageViewRestriction.objects.create(
            page=self.own.page, restriction_type="password", password="x"
        )
        gone = restriction.pk
        restriction.delete()
        document = Document.objects.get(pk=self.own.values["document_id"])
        return {
            "wagtail_serve": page.url,
            "wagtaildocs_serve": document.url,
            "path": self.own.page.slug,
            "page_view_restriction_id": gone,
            "restriction_id": gone,
            "slug": "van-ban",
            "key": "khong-co",
        }

    def _registers(self) -> dict[str, object]:
        survey = make_survey()
        course = training.record(
            by=self.screener.user,
            subject="Viết tin",
            organiser="Sở Nội vụ",
            starts_on=date(2026, 5, 4),
            ends_on=date(2026, 5, 6),
            hours=16,
            note="",
        )
        imported = DocumentImport.objects.create(
            file_name="a.csv",
            state=ImportState.CHECKED,
            created_by=people.admin(),
            created_at=clock.now(),
        )
        failed = OutboxRow.objects.create(
            kind="mail", key="x", next_at=clock.now(), state="failed", created_at=clock.now()
        )
        return self._fieldwork(survey) | {
            "survey_id": survey.pk,
            "section_code": "I",
            "question_code": "I15",
            "grid_code": "G1",
            "scale_name": "hai-long-5",
            "owner": "cau",
            "owner_code": "I15",
            "language": "vi",
            "response_id": respond(survey).pk,
            "definition_id": make_definition(survey, people.admin()).pk,
            "weighting_id": make_weighting(survey, people.admin()).pk,
            **_exchanged(survey),
            "course_id": course.pk,
            "import_id": imported.pk,
            "row_id": failed.pk,
            "redirect_id": Redirect.objects.create(old_path="/cu", redirect_link="/").pk,
            "collection_id": Collection.get_first_root_node().add_child(name="Thư mục").pk,
        }

    def _fieldwork(self, survey: Survey) -> dict[str, object]:
        """What a survey's fieldwork has one of each."""
        version = survey.versions.get()
        by = people.admin()
        batch = PosterBatch.objects.create(
            survey=survey, ordered_by=by, ordered_at=clock.now(), state="ready", pages=1
        )
        batch.pdf.save("ap-phich.pdf", ContentFile(b"%PDF-1.7"))
        sheet = PaperForm.objects.create(
            survey=survey,
            version=version,
            reference="HN-1",
            filled_on=clock.today(),
            first_by=by,
            entered_at=clock.now(),
        )
        collector = Collector.objects.create(
            survey=survey, agency=self.agency, channel="qr", code="AB", made_at=clock.now()
        )
        network = AgencyNetwork.objects.create(agency=self.agency, network="10.9.0.0/16")
        return {
            "batch_id": batch.pk,
            "sheet_id": sheet.pk,
            "collector_id": collector.pk,
            "network_id": network.pk,
        }

    def _consultation(self) -> dict[str, object]:
        """One whose draft is being prepared."""
        group = self.screener.user
        made = make_consultation()
        text = drafting.new_version(made.pk, group)
        drafting.paste(text.pk, group, "Điều 1. Phạm vi\n1. Một.\n2. Hai.")
        beside = drafting.attach(
            text.pk, group, "other", "Tờ trình", files.upload("tep.pdf", files.PDF)
        )
        paper = PaperOpinion.objects.create(
            consultation=made,
            source="letter",
            source_name="12/STC-VP",
            dated_on=clock.today(),
            respondent_kind="person",
            text="Ý kiến trên giấy",
            entered_by=group,
            entered_at=clock.now(),
        )
        taking_in.take_in(made.pk, group)
        return {
            "account_id": made.accounts.get().pk,
            "scan_id": paper.pk,
            "answer_id": SynthesisRow.objects.create(consultation=made, number=1).pk,
            "consultation_id": made.pk,
            "text_id": text.pk,
            "provision_id": text.provisions.first().pk,
            "attachment_id": beside.pk,
        }

    def _contribution(self) -> dict[str, object]:
        sent = Contribution.objects.create(
            code="K7M2-P9QX-3HTW",
            sender_kind="person",
            title="Tin gửi đến",
            email="dan@dan.example",
            declaration="Cam đoan",
            declaration_version="1",
            sent_at=clock.now(),
        )
        file = quarantine.take_in(files.upload("tep.pdf", files.PDF))
        QuarantinedFile.objects.filter(pk=file.pk).update(
            state=FileState.CLEAN, checked_at=clock.now()
        )
        held = ContributionFile.objects.create(contribution=sent, file=file)
        return {"contribution_id": sent.pk, "file_id": held.pk}

    def _opinion(self) -> dict[str, object]:
        """An opinion on a consultation, and an agency asked of which nobody here is."""
        made = consulting.make_consultation("co-y-kien")
        consulting.open_window(made)
        asked = AgencyInvitation.objects.create(
            consultation=made,
            agency=Agency.objects.get(code="STC"),
            document_number="45/SNV-CCHC",
            due_on=clock.today(),
            invited_by=people.admin(),
            invited_at=clock.now(),
        )
        opinion = consulting.opine(made)
        return {
            "opinion_id": opinion.pk,
            "invitation_id": asked.pk,
            "sign": "khong-co",
        }

    def _papers(self) -> dict[str, object]:
        edition = Edition.objects.create(
            kind=activity.KIND,
            subject_id=2026110,
            number=1,
            title="Báo cáo",
            code="ABCDEFGHJK",
            snapshot={},
            snapshot_sha256="0" * 64,
            pdf=ContentFile(b"%PDF-1.7", name="bao-cao.pdf"),
            pdf_sha256="0" * 64,
            pdf_size=8,
            made_at=clock.now(),
            ordered_by=self.screener.user,
            ordered_at=clock.now(),
            state=EditionState.READY,
        )
        EditionFile.objects.create(
            edition=edition,
            kind=FileKind.SUMMARY,
            file=ContentFile(b"%PDF-1.7", name="tom-tat.pdf"),
            sha256="0" * 64,
            size=8,
        )
        action = Action.objects.create(
            edition=edition,
            survey=Survey.objects.get(),
            agency=self.agency,
            target="index",
            target_label="Chỉ số chung",
            figure="70,00%",
            task="Thêm ghế chờ",
            due_on=date(2026, 12, 15),
            made_by=self.screener.user,
            made_at=clock.now(),
        )
        period = {"valid_from": date(2026, 12, 1), "valid_to": date(2026, 12, 2)}
        given = {"giver": self.head, "taker": self.deputy, "paper": "07/UQ"}
        away = {"appointment": self.screener, "stand_in": self.deputy}
        return {
            "plan_id": self.plan.pk,
            "edition_id": edition.pk,
            "action_id": action.pk,
            "code": edition.code,
            "delegation_id": Delegation.objects.create(**given, **period).pk,
            "absence_id": Absence.objects.create(**away, **period).pk,
        }

    def _translation(self) -> dict[str, object]:
        source, _made = TranslationSource.get_or_create_from_instance(self.own.public)
        english = self.own.page.get_translations().get().locale
        made = Translation.objects.create(source=source, target_locale=english)
        made.save_target(publish=False)
        return {
            "translation_id": made.pk,
            "translation_source_id": source.pk,
            "string_segment_id": source.stringsegment_set.first().pk,
            "overridable_segment_id": 1,
            "session_id": 1,
        }

    def _rows(self) -> dict[str, object]:
        """What the generic registers of the admin edit, by their namespace."""
        rule = SectionRule.objects.create(section=self.own.page.page_ptr)
        source = OfficialSource.objects.create(name="Báo Hà Nội mới", kind="press")
        template = ArticleTemplate.objects.create(name="Mẫu", purpose="Tin", body=[])
        synonym = SearchSynonym.objects.create(short="MC", long="một cửa")
        flow = Workflow.objects.first()
        return {
            "section_rules": rule.pk,
            "official_sources": source.pk,
            "article_templates": template.pk,
            "search_synonyms": synonym.pk,
            "agencies": self.agency.pk,
            "memberships": self.officer.pk,
            "rule_values": RuleValue.objects.first().pk,
            "legal_bases": LegalBasis.objects.first().pk,
            "calendar": CalendarDay.objects.first().pk,
            "wagtaillocales": Locale.objects.first().pk,
            "wagtailsites": Site.objects.first().pk,
            "wagtailusers_users": self.writer.user_id,
            "wagtailusers_groups": Group.objects.first().pk,
            "wagtailadmin_collections": self.shared["collection_id"],
            "wagtailadmin_workflows": flow.pk,
            "wagtailsettings": SiteContact.for_site(Site.objects.first()).pk,
        }


WORDS = {
    "agency_code": "SNV",
    "scope": "I",
    "kind": "summary",
    "name": "so-lieu.csv",
    "action_name": "approve",
    "action": "delete",
    "app_label": "news",
    "app_name": "news",
    "content_type_app_name": "news",
    "model_name": "articlepage",
    "content_type_model_name": "articlepage",
    "filter_spec": "max-165x165",
    "mode": "x",
    "uidb64": "MQ",
    "token": "x",
    "ending": "csv",
    "table": "co-quan",
    "workflow_pk": 1,
}
OF_PUBLIC_PAGES = {
    "editorial_check",
    "page_withdraw",
    "page_put_back",
    "rating",
    "rating_thanks",
    "untranslated",
    "wagtailadmin_pages:unpublish",
    "wagtail_localize:submit_page_translation",
}


def _exchanged(survey: Survey) -> dict[str, object]:
    """A questionnaire that was handed in, an export that is not made yet, a theme."""
    who, now = people.admin(), clock.now()
    handed_in = QuestionnaireImport.objects.create(
        survey=survey,
        file_name="a.xlsx",
        format="xlsform",
        state="checked",
        definition=template("sipas_service"),
        created_by=who,
        created_at=now,
    )
    export = DataExport.objects.create(
        survey=survey, format="csv", ordered_by=who, ordered_at=now, expires_at=now, key="k"
    )
    grouping = ThemeGrouping.objects.create(
        survey=survey, question="comment", ordered_by=who, ordered_at=now, made_at=now
    )
    theme = grouping.themes.create(name="Chờ lâu")
    return {
        "handed_in_id": handed_in.pk,
        "export_id": export.pk,
        "grouping_id": grouping.pk,
        "theme_id": theme.pk,
    }
