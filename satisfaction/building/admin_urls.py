"""Addresses of the builder, and what it writes to the audit log."""

from django.urls import path
from django.utils.translation import gettext_lazy as _

from . import draft_views as drafts
from . import question_views as questions
from . import survey_views as surveys
from . import trial_views as trials
from . import version_views as versions

_SURVEY = "khao-sat/<int:survey_id>/"
_BUILD = f"{_SURVEY}phieu-hoi/"
_SECTION = f"{_BUILD}phan/<slug:section_code>/"
_QUESTION = f"{_BUILD}cau/<slug:question_code>/"
_CONDITION = f"{_BUILD}dieu-kien/<slug:owner>/<slug:owner_code>/"
_TRIAL = f"{_SURVEY}thu/<slug:language>/"

URLS = [
    path("khao-sat/lap/", surveys.survey_new, name="survey_new"),
    path(f"{_SURVEY}thiet-lap/", surveys.survey_set_up, name="survey_set_up"),
    path(f"{_SURVEY}thoi-han/", surveys.survey_window, name="survey_window"),
    path(f"{_SURVEY}ho-so/", surveys.survey_record, name="survey_record"),
    path(_BUILD, drafts.overview, name="build"),
    path(f"{_BUILD}chung/", drafts.about, name="build_about"),
    path(f"{_BUILD}chi-so/", drafts.index, name="build_index"),
    path(f"{_BUILD}chuyen/", drafts.move, name="build_move"),
    path(f"{_BUILD}phan/them/", drafts.section_new, name="build_section_new"),
    path(_SECTION, drafts.section_edit, name="build_section"),
    path(f"{_SECTION}xoa/", drafts.section_remove, name="build_section_remove"),
    path(f"{_SECTION}co-san/", drafts.ready_made, name="build_ready"),
    path(f"{_SECTION}them-cau/", questions.question_new, name="build_question_new"),
    path(f"{_SECTION}them-bang/", drafts.grid_new, name="build_grid_new"),
    path(f"{_SECTION}bang/<slug:grid_code>/", drafts.grid_edit, name="build_grid"),
    path(_QUESTION, questions.question_edit, name="build_question"),
    path(f"{_QUESTION}xoa/", questions.question_remove, name="build_question_remove"),
    path(_CONDITION, questions.condition, name="build_condition"),
    path(f"{_CONDITION}dong/", questions.condition_line, name="build_condition_line"),
    path(f"{_BUILD}thang-do/", drafts.scales, name="build_scales"),
    path(f"{_BUILD}thang-do/them/", drafts.scale_new, name="build_scale_new"),
    path(f"{_BUILD}thang-do/<slug:scale_name>/", drafts.scale_edit, name="build_scale"),
    path(
        f"{_BUILD}thang-do/<slug:scale_name>/xoa/",
        drafts.scale_remove,
        name="build_scale_remove",
    ),
    path(f"{_BUILD}cong-bo/", versions.publish, name="build_publish"),
    path(f"{_SURVEY}so-sanh/", versions.compare, name="survey_compare"),
    path(f"{_SURVEY}thu-dien-thoai/", trials.trial_phone, name="survey_trial_phone"),
    path(_TRIAL, trials.trial, name="survey_trial"),
    path(f"{_TRIAL}tra-loi/<slug:slug>/", trials.trial_section, name="survey_trial_section"),
    path(f"{_TRIAL}kiem-tra/", trials.trial_check, name="survey_trial_check"),
    path(f"{_TRIAL}da-gui/", trials.trial_receipt, name="survey_trial_receipt"),
    path(f"{_TRIAL}xoa/", trials.trial_give_up, name="survey_trial_give_up"),
]
ACTIONS = [
    ("satisfaction.survey.create", _("Make a survey"), _("Survey made")),
    ("satisfaction.survey.set_up", _("Set up a survey"), _("Settings changed")),
    ("satisfaction.survey.window", _("Change a survey's time"), _("Extended or closed early")),
    ("satisfaction.survey.publish", _("Publish a questionnaire"), _("Questionnaire published")),
    ("satisfaction.survey.compare", _("Compare surveys"), _("Said how it compares")),
    ("satisfaction.draft.change", _("Change a questionnaire"), _("Draft changed")),
]
