"""The templates that editors find at the start; they change them as they like."""

import json
from uuid import NAMESPACE_URL, uuid5

from django.db import migrations

TEMPLATES = [
    (
        "Tin hoạt động",
        "Cuộc họp, buổi làm việc, kiểm tra: ai, việc gì, ở đâu, khi nào, kết luận thế nào.",
        [
            (
                "paragraph",
                "<p>[Ngày, tháng], tại [địa điểm], [cơ quan] tổ chức [hoạt động]. "
                "[Họ tên, chức vụ] chủ trì.</p>",
            ),
            ("heading", "Nội dung chính"),
            ("paragraph", "<ul><li>[Việc thứ nhất]</li><li>[Việc thứ hai]</li></ul>"),
            ("quote", {"text": "[Ý kiến của người chủ trì]", "source": "[Họ tên, chức vụ]"}),
            ("heading", "Việc tiếp theo"),
            ("paragraph", "<p>[Ai làm việc gì, xong trước ngày nào]</p>"),
        ],
    ),
    (
        "Mô hình, cách làm hay",
        "Kinh nghiệm của một đơn vị để nơi khác làm theo.",
        [
            ("heading", "Vì sao phải thay đổi"),
            ("paragraph", "<p>[Khó khăn trước đây của người dân và của cơ quan]</p>"),
            ("heading", "Cách làm"),
            ("paragraph", "<ol><li>[Bước thứ nhất]</li><li>[Bước thứ hai]</li></ol>"),
            ("heading", "Kết quả"),
            ("paragraph", "<p>[Con số trước và sau, nguồn số liệu]</p>"),
            ("heading", "Điều kiện để nhân rộng"),
            ("paragraph", "<p>[Nhân lực, kinh phí, phần mềm, đầu mối liên hệ]</p>"),
        ],
    ),
    (
        "Kết quả, số liệu",
        "Công bố kết quả cải cách hành chính theo kỳ, có bảng và biểu đồ.",
        [
            ("paragraph", "<p>[Kết quả chính trong một câu, kỳ số liệu]</p>"),
            ("heading", "Số liệu chi tiết"),
            (
                "chart",
                {
                    "title": "[Điều biểu đồ cho thấy, viết thành một câu]",
                    "unit": "hồ sơ",
                    "rows": [
                        {"label": "[Nội dung 1]", "value": "0"},
                        {"label": "[Nội dung 2]", "value": "0"},
                    ],
                    "source": "[Nguồn số liệu]",
                },
            ),
            ("heading", "Nhận xét"),
            ("paragraph", "<p>[Việc đã tốt, việc còn chậm, nguyên nhân]</p>"),
        ],
    ),
    (
        "Hướng dẫn thủ tục",
        "Giải thích một thủ tục cho người dân bằng lời đơn giản.",
        [
            ("heading", "Ai cần làm"),
            ("paragraph", "<p>[Trường hợp áp dụng]</p>"),
            ("heading", "Hồ sơ gồm những gì"),
            ("paragraph", "<ul><li>[Giấy tờ thứ nhất]</li></ul>"),
            ("heading", "Nộp ở đâu, bao lâu có kết quả, phí bao nhiêu"),
            ("paragraph", "<p>[Nơi nộp, thời hạn, phí, lệ phí, căn cứ]</p>"),
            ("heading", "Khi gặp vướng mắc"),
            ("paragraph", "<p>[Điện thoại, địa chỉ liên hệ]</p>"),
        ],
    ),
]


def lay(apps, _editor) -> None:
    template = apps.get_model("news", "ArticleTemplate")
    for name, purpose, blocks in TEMPLATES:
        body = [
            {"type": kind, "value": value, "id": str(uuid5(NAMESPACE_URL, f"{name}/{place}"))}
            for place, (kind, value) in enumerate(blocks)
        ]
        template.objects.get_or_create(
            name=name, defaults={"purpose": purpose, "body": json.dumps(body)}
        )


class Migration(migrations.Migration):
    dependencies = [("news", "0003_templates")]

    operations = [migrations.RunPython(lay, migrations.RunPython.noop)]
