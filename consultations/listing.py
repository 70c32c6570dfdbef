def list_context(page, request):
    return {}
