def searched_text(consultation_id):
    return ""


def described(consultation):
    return {}
