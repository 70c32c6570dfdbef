"""The table's second part: acts, and what the libraries answer to odd questions."""

from __future__ import annotations

from .address_group import Group

ACTS = [
    Group(
        "Acts of administration",
        "ssnnnnnnn>",
        """
        wagtailadmin_pages: lock unlock
        wagtailadmin_workflows: enable remove(page_pk) remove(page_pk,workflow_pk) enable_task
        outbox_retry
        wagtailsettings: edit(app_name,model_name)
        """,
    ),
    Group(
        "Snippets of this kind do not exist",
        "ssnnnnnnn0",
        """
        wagtail_localize: submit_snippet_translation
        """,
    ),
    Group(
        "Wagtail breaks where a step before it was left out",
        "ssnnnnnnn!",
        """
        wagtailredirects: process_import
        """,
    ),
    Group(
        "Publishing a report: the Head",
        "ssnnnnn>nn",
        """
        edition_publish
        """,
    ),
    Group(
        "Asked wrongly, answered so by the library",
        "ssnn??????",
        """
        wagtail_localize: edit_string_translation edit_override
        """,
    ),
    Group(
        "Adding a document: one register leads straight to the form",
        "ssnn>yyyy>",
        """
        legal_documents: choose_parent
        """,
    ),
    Group(
        "Making a report again: who may order it",
        "ssnn>nnnnn",
        """
        edition_retry
        """,
    ),
    Group(
        "Acts of the working group",
        "ssnn>nnnn>",
        """
        collector_end survey_posters survey_letters survey_bounced paper_discard
        response_flag survey_look_over agency_network_remove
        build_ready build_scale_remove survey_report response_reject response_restore
        survey_import_take document_import_start editorial_absence_end survey_define_withdraw
        survey_action_assign draft_attachment_detach
        """,
    ),
    Group(
        "Ending a delegation: its giver, and the working group that keeps the register",
        "ssnn>nn>n>",
        """
        editorial_delegation_revoke
        """,
    ),
    Group(
        "Stopping a translation",
        "ssnn>>>>n>",
        """
        wagtail_localize: stop_translation
        """,
    ),
    Group(
        "Acts on a meeting: known to whom the meeting is known",
        "ssnn0000nn",
        """
        editorial_meeting_act editorial_conclusion_act
        """,
        other="ssnn0n00nn",
    ),
    Group(
        "Acts on plans, proposals and courses: known to their readers",
        "ssnn0000nn",
        """
        editorial_plan_act editorial_topic_act editorial_proposal_act editorial_course_act
        """,
    ),
    Group(
        "Acts on a consultation and its provisions: the working group",
        "ssnn0nnnn0",
        """
        consultation_act provision_act
        """,
    ),
    Group(
        "Acts on a version of a draft: known to its readers; the verb decides who publishes",
        "ssnn000000",
        """
        draft_text_act
        """,
    ),
    Group(
        "Asked for what does not exist, by who edits pages",
        "ssnn0000n0",
        """
        wagtail_localize: preview_translation(translation_id,mode) convert_to_alias
        wagtailimages: url_generator url_generator_output
        """,
    ),
    Group(
        "Wagtail asks for the right to delete first",
        "ssnn00000y",
        """
        wagtailadmin_collections: delete
        """,
    ),
    Group(
        "Nothing of this kind exists in this house",
        "ssnn000000",
        """
        wagtailadmin_api:pages: find action
        wagtailadmin_api:documents: find
        wagtailadmin_api:images: find
        wagtailadmin_pages: convert_alias
        wagtailadmin_tag_model_autocomplete /quan-tri/^.*/$
        wagtailadmin_workflows: add_task
        wagtail_localize: machine_translate snippets_api_listing snippets_api_detail
        wagtailforms: list_submissions list_submissions_results
        wagtailsettings: edit(app_name,model_name,pk) preview_on_edit
        wagtailimages: create_multiple_from_uploaded_image delete_upload_multiple
        """,
    ),
    Group(
        "The library breaks where no file is sent",
        "ssnn!!!!n!",
        """
        wagtail_localize: upload_pofile
        """,
    ),
    Group(
        "Wagtail's old address of the history leads to the new one, which asks",
        "ss>n>>>>>>",
        """
        wagtailadmin_pages: revisions_index
        """,
        other="ssnn>>>>>>",
    ),
    Group(
        "Marking one's own notices as read",
        "ss>>>>>>>>",
        """
        editorial_notices_read
        """,
    ),
    Group(
        "Acts on an order: known to whom the order is known",
        "ss0n0000nn",
        """
        editorial_order_act
        """,
        other="ssnn0000nn",
    ),
    Group(
        "A notice: its person only, led on to what it tells",
        "ss000n0000",
        """
        editorial_notice
        """,
        other="ss00000000",
    ),
    Group(
        "Nothing is shown without an identifier",
        "ss00000000",
        """
        wagtailadmin_block_preview
        """,
    ),
    Group(
        "A draft's way through the steps, in a window of Wagtail's",
        "ssynyyyyny",
        """
        wagtailadmin_pages: confirm_workflow_cancellation
        """,
        other="ssnnyyyyny",
    ),
    Group(
        "Named drafts to anybody before `editorial.doors` asked",
        "ssnnyyyyny",
        """
        wagtail_bulk_action
        wagtail_localize: translations_report translations_report_results
        """,
    ),
    Group(
        "A form of its own, with nothing typed",
        "??????????",
        """
        rating
        """,
    ),
    Group(
        "Leads on",
        ">>>>>>>>>>",
        """
        untranslated contribution_files contribution_check contribution_receipt
        opinion_correct opinion_withdraw opinion_appeal
        """,
    ),
    Group(
        "Not public: nothing there",
        "0000000000",
        """
        wagtaildocs_serve wagtaildocs_authenticate_with_password captcha-image
        /media/images/<path:path> verify_code edition_pdf edition_extra edition_data
        wagtailcore_authenticate_with_password
        consultations_confirm consultations_unsubscribe
        """,
    ),
]
