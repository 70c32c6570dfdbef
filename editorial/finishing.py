"""What Wagtail calls at the end of a workflow; named in the settings, read before any model."""


def finish(workflow_state, user=None) -> None:
    from .approval import publish

    publish(workflow_state, user)
