"""Every address of the house, in groups, with the answer that each role gets.

Columns: visitor, account without a role, collaborator of the section, officer of an agency,
working group, member in charge of the section, deputy, Head, City's leader, administration.
A second row is what they get in another section.

  y  opens                      s  led to the sign-in page
  >  done, led on               n  refused, or sent back to one's own front with a word
  0  not there                  ?  opens, but something was to be typed or chosen
  !  the library breaks on what no link of ours asks
"""

from __future__ import annotations

from .address_acts import ACTS
from .address_group import Group

GROUPS = [
    Group(
        "What everybody reads, and the way in",
        "yyyyyyyyyy",
        """
        /quan-tri/jsi18n/ /quan-tri/localize/jsi18n/ wagtailadmin_sprite
        wagtailadmin_password_reset wagtailadmin_password_reset_done
        wagtailadmin_password_reset_confirm wagtailadmin_password_reset_complete
        wagtailadmin_javascript_catalog /robots.txt /sitemap.xml /.well-known/security.txt
        /healthz /readyz search verify site_map rating_thanks feed open_data open_data_csv
        open_data_json open_data_schema wagtailcore_login wagtail_serve
        contribution contribution_write contribution_follow contribution_give_up
        opinion_follow consultations_subscribe answers_late
        wagtail_localize: javascript_catalog
        """,
    ),
    Group(
        "The sign-in page: for who is not in yet",
        "yynnnnnnnn",
        """
        wagtailadmin_login
        """,
    ),
    Group(
        "One's own desk, account and choosers, narrowed for small roles",
        "ssyyyyyyyy",
        """
        wagtailadmin_choose_page wagtailadmin_choose_page_child
        wagtailadmin_choose_page_search wagtailadmin_choose_page_chosen_multiple
        wagtailadmin_choose_page_external_link wagtailadmin_choose_page_email_link
        wagtailadmin_choose_page_phone_link wagtailadmin_choose_page_anchor_link
        wagtailadmin_account wagtailadmin_dismissibles editorial_desk editorial_my_orders
        editorial_notices editorial_notices_prefer editorial_my_training
        wagtailadmin_editing_sessions: release
        wagtailembeds: chooser chooser_upload
        wagtaildocs_chooser: choose choose_results chosen_multiple
        wagtailimages_chooser: choose choose_results chosen_multiple
        """,
    ),
    Group(
        "The review of an item: sender, who was asked, screeners, who decides on the section",
        "ssyyyynyny",
        """
        editorial_review editorial_preview
        """,
        other="ssnnynnyny",
    ),
    Group(
        "An item in Wagtail's editor, its history and files, and the original as it was sent",
        "ssynyyyyny",
        """
        wagtailadmin_pages: edit preview_on_edit view_draft revisions_view revisions_revert
        wagtailadmin_pages: revisions_compare workflow_history workflow_history_detail history
        wagtailadmin_pages: history_results
        supplied_original supplied_original_content
        wagtaildocs_chooser: chosen
        wagtailimages_chooser: chosen select_format
        """,
        other="ssnnyyyyny",
    ),
    Group(
        "Uploading through a chooser",
        "ssynyyyyny",
        """
        wagtaildocs_chooser: create
        wagtailimages_chooser: create
        """,
    ),
    Group(
        "An order: its collaborator, the Board, the working group",
        "ssynyyyynn",
        """
        editorial_order
        """,
        other="ssnnyyyynn",
    ),
    Group(
        "Wagtail's own signal of who has an item open",
        "ssynyyyy0y",
        """
        wagtailadmin_editing_sessions: ping
        """,
        other="ssnnyyyy0y",
    ),
    Group(
        "Beginning an item: collaborators in their sections, the working group anywhere",
        "ssynynnnny",
        """
        wagtailadmin_pages: add preview_on_add
        """,
        other="ssnnynnnny",
    ),
    Group(
        "One's own uploads",
        "ssynnnnnny",
        """
        wagtaildocs: edit delete
        wagtailimages: edit delete
        """,
        other="ssnnnnnnny",
    ),
    Group(
        "Signing out leads to the sign-in page",
        "ssssssssss",
        """
        wagtailadmin_logout
        """,
    ),
    Group(
        "A word that was asked for: the agency that was asked, and who asked",
        "ssnyynnnnn",
        """
        editorial_asked
        """,
        other="ssnnynnnnn",
    ),
    Group(
        "Answers being written: who follows consultations, and the drafting agency's officers",
        "ssnyyyyyyy",
        """
        synthesis_list synthesis synthesis_opinions synthesis_rows synthesis_split synthesis_row
        """,
    ),
    Group(
        "Opinions on paper: the drafting agency's officers and the working group",
        "ssnyynnnny",
        """
        synthesis_paper
        """,
    ),
    Group(
        "A scan that was not handed in, asked for by who might open it",
        "ssn00nnnn0",
        """
        synthesis_scan
        """,
    ),
    Group(
        "Acts on answers: known to their readers",
        "ssn0000000",
        """
        synthesis_act synthesis_bulk synthesis_rows_bulk
        """,
    ),
    Group(
        "Read by the Board, the working group and the City's leaders",
        "ssnnyyyyyy",
        """
        wagtailadmin_home /quan-tri/test404/ wagtailadmin_tag_autocomplete survey_list
        survey_detail survey_fieldwork survey_record components component_sheet
        edition_list edition_detail
        edition_status edition_file edition_number edition_correct survey_measures survey_weighting
        edition_extra_file
        consultations consultation draft_text draft_text_source draft_text_mapping provision
        draft_attachment
        wagtailadmin_api:pages: listing
        wagtailadmin_api:documents: listing detail
        wagtailadmin_api:images: listing detail
        wagtailadmin_pages: choose_parent
        wagtailadmin_workflows: task_chooser task_chooser_results task_chooser_create
        wagtailadmin_workflows: task_chosen
        wagtailadmin_reports: site_history site_history_results
        articles: choose_parent
        """,
    ),
    Group(
        "Figures of surveys and what follows from them: readers of results, and the own agency",
        "ssnyyyyyyy",
        """
        survey_dashboards survey_dashboard survey_dashboard_agency survey_dashboard_criterion
        survey_dashboard_agency_criterion survey_actions survey_action
        """,
    ),
    Group(
        "What an agency reports on its actions",
        "ssnynnnnnn",
        """
        survey_action_report
        """,
    ),
    Group(
        "Read by the Board and the working group",
        "ssnnyyyyny",
        """
        wagtailadmin_explore_root wagtailadmin_explore wagtailadmin_explore_results
        editorial_coverage editorial_coverage_of editorial_coverage_export
        editorial_board editorial_board_csv editorial_delegate editorial_absence
        editorial_collaborators editorial_collaborators_csv late_reason editorial_activity
        editorial_refusals words_sought words_sought_results pages_rated pages_rated_results
        wagtailadmin_pages: type_use type_use_results usage search search_results copy
        wagtailadmin_pages: revisions_unschedule
        wagtailadmin_reports: workflow workflow_results workflow_tasks workflow_tasks_results
        wagtailadmin_reports: aging_pages aging_pages_results page_types_usage
        wagtailadmin_reports: page_types_usage_results
        wagtail_localize: download_pofile preview_translation(translation_id)
        wagtailforms: index index_results
        wagtaildocs: index index_results add add_multiple
        wagtailimages: index index_results add add_multiple
        legal_documents: index index_results
        articles: index index_results
        official_sources: index index_results inspect
        article_templates: index index_results
        agencies: index index_results inspect
        """,
    ),
    Group(
        "Registers of the Board's work; not administration's",
        "ssnnyyyynn",
        """
        intake_report intake_report_results editorial_meetings editorial_conclusions
        editorial_plans editorial_plan editorial_topic editorial_orders editorial_proposals
        editorial_propose editorial_proposal editorial_courses editorial_training_of
        editorial_training_summary editorial_training_export editorial_course
        """,
    ),
    Group(
        "A meeting and its papers: who was invited, who leads, who prepares",
        "ssnnyyyynn",
        """
        editorial_meeting_paper editorial_meeting editorial_conclusion
        """,
        other="ssnnynyynn",
    ),
    Group(
        "A page in Wagtail's own API",
        "ssnnyyyy0y",
        """
        wagtailadmin_api:pages: detail
        """,
    ),
    Group(
        "Acts on an item: screeners and who decides on the section; the verb decides which act",
        "ssnnyynyny",
        """
        editorial_pass_on editorial_send_back editorial_refuse editorial_forward
        editorial_doubt editorial_clear_doubt page_withdraw
        """,
        other="ssnnynnyny",
    ),
    Group(
        "Imports of documents",
        "ssnnynnyny",
        """
        document_imports document_import_hand_in document_import_sample document_import
        """,
    ),
    Group(
        "What the working group keeps",
        "ssnnynnnny",
        """
        wagtailadmin_pages: add_subpage
        survey_collectors survey_poster_file survey_plan survey_paper survey_paper_enter
        paper_compare agency_networks
        survey_new survey_set_up survey_window survey_trial survey_trial_phone build build_about
        build_index build_section_new build_section build_section_remove build_question_new
        build_grid_new build_question build_question_remove build_condition build_scales
        build_scale_new build_scale build_publish survey_responses survey_dashboard_cross
        editorial_decision
        survey_imports survey_import_report survey_xlsform survey_exports survey_themes
        survey_theme survey_theme_rest
        editorial_appoint editorial_appointment_end survey_weigh survey_define survey_report_plan
        survey_action_deadline survey_action_back survey_action_withdraw survey_action_measure
        consultation_prepare
        editorial_hand_over editorial_collaborator_start editorial_collaborator_end
        official_sources: add edit history history_results usage copy
        article_templates: add edit history history_results usage copy
        search_synonyms: index index_results add edit delete history history_results usage
        search_synonyms: copy
        memberships: index index_results add edit history history_results usage copy
        calendar: index index_results add edit history history_results usage copy
        """,
    ),
    Group(
        "Invitations: this survey is open to everybody and has none",
        "ssnn0nnnn0",
        """
        survey_invitations
        """,
    ),
    Group(
        "Steps of the builder that want another before, or a part that is not there",
        "ssnn0nnnn0",
        """
        survey_compare build_grid build_condition_line build_move
        """,
    ),
    Group(
        "A data file that is not made yet",
        "ssnn0nnnn0",
        """
        survey_export_file survey_export_dictionary
        """,
    ),
    Group(
        "A trial of a questionnaire that was not begun leads to its beginning",
        "ssnn>nnnn>",
        """
        survey_trial_section survey_trial_check survey_trial_receipt survey_trial_give_up
        """,
    ),
    Group(
        "Begun by the working group only",
        "ssnnynnnnn",
        """
        editorial_meeting_prepare editorial_plan_begin editorial_activity_order
        editorial_course_record
        """,
    ),
    Group(
        "What the public sends in: the working group alone knows who sent it",
        "ssnnynnnnn",
        """
        editorial_contributions editorial_contribution editorial_contribution_file
        """,
    ),
    Group(
        "Acts on what the public sent in",
        "ssnn0nnnnn",
        """
        editorial_contribution_act
        """,
    ),
    Group(
        "Approval: who is in charge of the section, and the Head; never administration",
        "ssnnnynynn",
        """
        editorial_approve
        """,
        other="ssnnnnnynn",
    ),
    Group(
        "What is the Head's to say",
        "ssnnnnnyny",
        """
        editorial_assign editorial_assignment_end
        section_rules: index index_results add edit delete history history_results usage copy
        """,
    ),
    Group(
        "Administration",
        "ssnnnnnnny",
        """
        wagtailadmin_pages: set_privacy
        wagtailadmin_collections: index add edit set_privacy
        wagtailadmin_workflows: index index_results add disable edit usage usage_results
        wagtailadmin_workflows: select_task_type task_index task_index_results edit_task
        wagtailadmin_workflows: disable_task
        wagtailadmin_reports: locked_pages locked_pages_results
        outbox outbox_results
        wagtail_localize: submit_page_translation update_translations
        wagtailredirects: index index_results add edit delete start_import
        wagtaildocs: edit_multiple delete_multiple document_usage
        wagtailimages: preview image_usage edit_multiple delete_multiple
        article_templates: delete
        agencies: add edit history history_results usage copy
        rule_values: index index_results add edit history history_results usage copy
        legal_bases: index index_results add edit history history_results usage copy
        calendar: delete
        wagtaillocales: index index_results add edit delete history history_results usage copy
        wagtailsites: index index_results add edit delete history history_results usage copy
        wagtailusers_users: index index_results add edit delete history history_results usage
        wagtailusers_users: copy
        wagtailusers_groups: index index_results add edit delete history history_results usage
        """,
    ),
    Group(
        "Shut to everybody",
        "ssnnnnnnnn",
        """
        wagtailadmin_pages: delete move move_confirm unpublish workflow_action workflow_preview
        wagtailadmin_pages: collect_workflow_action_data set_page_position
        page_put_back
        wagtailforms: delete_submissions
        wagtailsnippets: index
        wagtaildocs: create_multiple_from_uploaded_document delete_upload_multiple
        official_sources: delete
        agencies: delete
        memberships: delete
        rule_values: delete
        legal_bases: delete
        """,
    ),
    Group(
        "Checks of what is public: who is in charge of a section, the Head, the working group",
        "ssnnyynynn",
        """
        editorial_checks editorial_progress
        """,
    ),
    Group(
        "The checks of one item: its author too",
        "ssynyynyny",
        """
        editorial_check
        """,
        other="ssnnynnyny",
    ),
    Group(
        "Opinions on drafts: the working group reads and decides",
        "ssnnynnnny",
        """
        opinion_list
        """,
    ),
    Group(
        "An opinion: officers of the drafting agency read it too, for they answer",
        "ssnyynnnny",
        """
        opinion_detail
        """,
    ),
    Group(
        "Publishing the chosen ones, reminding an agency: the working group",
        "ssnn>nnnn>",
        """
        opinion_publish_chosen consultation_remind
        """,
    ),
    Group(
        "An act on an opinion that there is not",
        "ssn00nnnn0",
        """
        opinion_act
        """,
    ),
    Group(
        "A file of an opinion: this number has none",
        "ss00000000",
        """
        opinion_file
        """,
    ),
    Group(
        "Who was asked for an opinion, and who answered",
        "ssnnyyyyyy",
        """
        consultation_agencies
        """,
    ),
    Group(
        "Invitations of one's own agency",
        "ssyyyyyyyy",
        """
        consultation_invitations
        """,
    ),
    Group(
        "The invitation of another agency: its officials only",
        "ssnnnnnnnn",
        """
        consultation_invitation
        """,
    ),
    *ACTS,
]
