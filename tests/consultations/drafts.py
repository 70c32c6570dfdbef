"""Four drafts as agencies send them, each of another shape.

python -m tests.consultations.drafts writes them anew into consultations/demo_drafts/.
"""

from __future__ import annotations

import unicodedata
from functools import partial
from pathlib import Path

from .word import box, cell, control, deleted, docx, hidden, inserted, note, p, run, table

FOLDER = Path(__file__).parents[2] / "consultations" / "demo_drafts"

_STATE = ["CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc"]


def _letterhead(number: str) -> str:
    return table(
        [
            cell("ỦY BAN NHÂN DÂN", "THÀNH PHỐ HÀ NỘI", number),
            cell(*_STATE, "Hà Nội, ngày    tháng    năm 2026"),
        ]
    )


def _signature(*receivers: str) -> str:
    return table(
        [
            cell("Nơi nhận:", *receivers, "- Lưu: VT, SNV."),
            cell("TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH"),
        ]
    )


def decision_with_regulation(hours: str = "04", *, is_revised: bool = False) -> bytes:
    """A decision, and the regulation that it puts into force: articles counted by Word."""
    more = [p(_REVISED, list_=(1, 1))] if is_revised else []
    clause, again = (1, 1), (2, 0)
    return docx(
        _letterhead("Số:      /2026/QĐ-UBND"),
        p("QUYẾT ĐỊNH", centred=True),
        p("Ban hành Quy chế phối hợp giải quyết thủ tục hành chính theo cơ chế một cửa "
          "trên địa bàn thành phố Hà Nội", centred=True),
        p("ỦY BAN NHÂN DÂN THÀNH PHỐ HÀ NỘI", centred=True),
        p("Căn cứ Luật Tổ chức chính quyền địa phương;"),
        p("Căn cứ Luật Ban hành văn bản quy phạm pháp luật;"),
        p("Theo đề nghị của Giám đốc Sở Nội vụ."),
        p("QUYẾT ĐỊNH:", centred=True),
        p("Ban hành kèm theo Quyết định này Quy chế phối hợp giải quyết thủ tục hành chính theo "
          "cơ chế một cửa trên địa bàn thành phố Hà Nội.", style="Dieu"),
        p("Quyết định này có hiệu lực thi hành kể từ ngày 01 tháng 02 năm 2027.", style="Dieu"),
        p("Chánh Văn phòng Ủy ban nhân dân Thành phố, Giám đốc các sở, Chủ tịch Ủy ban nhân dân "
          "các xã, phường chịu trách nhiệm thi hành Quyết định này./.", style="Dieu"),
        _signature("- Như Điều 3;", "- Bộ Nội vụ;"),
        p("QUY CHẾ", centred=True),
        p("Phối hợp giải quyết thủ tục hành chính theo cơ chế một cửa", centred=True),
        p("(Ban hành kèm theo Quyết định số      /2026/QĐ-UBND ngày    tháng    năm 2026 của Ủy "
          "ban nhân dân thành phố Hà Nội)", centred=True),
        p("Chương I", centred=True),
        p("QUY ĐỊNH CHUNG", centred=True),
        p("Phạm vi điều chỉnh, đối tượng áp dụng", list_=again),
        p("Quy chế này quy định việc phối hợp tiếp nhận, chuyển và trả kết quả giải quyết thủ "
          "tục hành chính.", list_=clause),
        p("Quy chế này áp dụng đối với:", list_=clause),
        p("a) Các sở và cơ quan tương đương sở;"),
        p("b) Ủy ban nhân dân xã, phường;"),
        p("c) Trung tâm Phục vụ hành chính công và các chi nhánh;"),
        p("d) Doanh nghiệp cung ứng dịch vụ bưu chính công ích;"),
        p("đ) Tổ chức, cá nhân có liên quan."),
        p("Giải thích từ ngữ", list_=again),
        p("Trong Quy chế này, các từ ngữ dưới đây được hiểu như sau:"),
        p("Hồ sơ liên thông là hồ sơ mà việc giải quyết cần từ hai cơ quan trở lên", list_=clause,
          more=note(1) + run(".")),
        p("Cơ quan chủ trì là cơ quan chịu trách nhiệm cuối cùng về kết quả.", list_=clause),
        p("Chương II", centred=True),
        p("TRÁCH NHIỆM PHỐI HỢP", centred=True),
        p("Mục 1", centred=True),
        p("CƠ QUAN CHỦ TRÌ", centred=True),
        p("Tiếp nhận hồ sơ", list_=again),
        p("Hồ sơ được tiếp nhận trong giờ hành chính; hồ sơ trực tuyến được tiếp nhận tất cả "
          "các ngày.", list_=clause),
        p(f"Thời gian chuyển hồ sơ không quá {hours} giờ làm việc kể từ khi tiếp nhận.",
          list_=clause),
        *more,
        p("Thời hạn lấy ý kiến", list_=again),
        p("Cơ quan được hỏi ý kiến trả lời trong 03 ngày làm việc; quá thời hạn mà không trả lời "
          "thì coi như đồng ý và chịu trách nhiệm về nội dung thuộc lĩnh vực của mình.",
          list_=clause),
        p("Đối với hồ sơ phức tạp, thời hạn quy định tại khoản 1 Điều này là 05 ngày làm việc.",
          list_=clause),
        p("Mục 2", centred=True),
        p("CƠ QUAN PHỐI HỢP", centred=True),
        p("Trách nhiệm của Ủy ban nhân dân xã, phường", list_=again),
        p("Nhiệm vụ gồm:", list_=clause),
        *(p(f"{letter}) {work}") for letter, work in _WORKS),
        p("Bố trí công chức trực tiếp hướng dẫn người cao tuổi, người khuyết tật.", list_=clause),
        p("Chương III", centred=True),
        p("TỔ CHỨC THỰC HIỆN", centred=True),
        p("Trách nhiệm thi hành", list_=again),
        p("Sở Nội vụ theo dõi, đôn đốc và báo cáo Ủy ban nhân dân Thành phố hằng quý theo Phụ lục "
          "kèm theo Quy chế này."),
        p("Khen thưởng, xử lý vi phạm", list_=again),
        p("Tổ chức, cá nhân có thành tích được khen thưởng; vi phạm thì bị xử lý theo quy định."),
        p("PHỤ LỤC", centred=True),
        p("MẪU BÁO CÁO TÌNH HÌNH PHỐI HỢP", centred=True),
        p("(Kèm theo Quy chế phối hợp giải quyết thủ tục hành chính)", centred=True),
        table(
            ["TT", "Cơ quan", "Số hồ sơ", "Trễ hạn"],
            ["1", "Sở", "", ""],
            ["2", "Xã, phường", "", ""],
            heads=1,
        ),
        p("Ghi chú: báo cáo gửi trước ngày 05 của tháng đầu quý sau."),
        notes={1: "Không bao gồm hồ sơ chỉ lấy ý kiến trong nội bộ một cơ quan."},
    )  # fmt: skip


_REVISED = "Hồ sơ nộp tại bất kỳ xã, phường nào cũng được tiếp nhận, không phụ thuộc nơi cư trú."
# Twelve points; as in the regulation of the portal itself there is no point "i)".
_WORKS = [
    ("a", "Niêm yết công khai thủ tục hành chính;"),
    ("b", "Tiếp nhận và trả kết quả;"),
    ("c", "Số hóa hồ sơ khi tiếp nhận;"),
    ("d", "Cập nhật tiến độ lên hệ thống;"),
    ("đ", "Trả lời phản ánh, kiến nghị;"),
    ("e", "Xin lỗi bằng văn bản khi trễ hạn;"),
    ("g", "Bố trí nơi chờ;"),
    ("h", "Bảo đảm đường truyền;"),
    ("k", "Bảo vệ dữ liệu cá nhân;"),
    ("l", "Lấy ý kiến đánh giá;"),
    ("m", "Báo cáo hằng tháng;"),
    ("n", "Nhiệm vụ khác được giao."),
]


def amending_decision() -> bytes:
    """A decision that amends another and quotes what is to stand there."""
    return docx(
        _letterhead("Số:      /2026/QĐ-UBND"),
        p("QUYẾT ĐỊNH", centred=True),
        p("Sửa đổi, bổ sung một số điều của Quy chế tiếp công dân ban hành kèm theo Quyết định "
          "số 12/2024/QĐ-UBND", centred=True),
        p("Căn cứ Luật Tiếp công dân;"),
        p("QUYẾT ĐỊNH:", centred=True),
        p("Điều 1. Sửa đổi, bổ sung một số điều của Quy chế tiếp công dân ban hành kèm theo Quyết "
          "định số 12/2024/QĐ-UBND như sau:"),
        p("1. Sửa đổi, bổ sung Điều 5 như sau:"),
        p("“Điều 5. Thời gian tiếp công dân"),
        p("1. Chủ tịch Ủy ban nhân dân xã, phường tiếp công dân ít nhất hai ngày trong một tháng."),
        p("2. Lịch tiếp công dân được công bố:"),
        p("a) Tại trụ sở “một cửa”;"),
        p("b) Trên Trang thông tin điện tử.”"),
        p("2. Bổ sung khoản 4 vào sau khoản 3 Điều 7 như sau:"),
        p("“4. Việc tiếp công dân trực tuyến được thực hiện theo bảng sau:"),
        table(["Nơi tiếp", "Ngày"], ["Trụ sở Thành phố", "15 hằng tháng"], heads=1),
        p("và được ghi hình khi công dân đồng ý.”."),
        p("3. Thay thế cụm từ “Ủy ban nhân dân cấp huyện” bằng cụm từ “Ủy ban nhân dân cấp xã” "
          "tại các Điều 3, 8 và 10."),
        p("4. Bãi bỏ khoản 2 Điều 11."),
        p("Điều 2. Điều khoản thi hành"),
        p("1. Quyết định này có hiệu lực kể từ ngày 01 tháng 01 năm 2027."),
        p("2. Chánh Văn phòng Ủy ban nhân dân Thành phố chịu trách nhiệm thi hành./."),
        _signature("- Như Điều 2;"),
    )  # fmt: skip


def plan_with_tables() -> bytes:
    """A plan counted by roman numbers, with a table of tasks whose cells are merged."""
    great, small, smaller, dash = (3, 0), (3, 1), (3, 2), (4, 0)
    return docx(
        _letterhead("Số:      /KH-UBND"),
        p("KẾ HOẠCH", centred=True),
        p("Cải cách hành chính nhà nước thành phố Hà Nội năm 2027", centred=True),
        p("Thực hiện Chương trình tổng thể cải cách hành chính, Ủy ban nhân dân Thành phố ban "
          "hành Kế hoạch như sau:"),
        p("MỤC ĐÍCH, YÊU CẦU", list_=great),
        p("Mục đích", list_=small),
        p("Nâng mức độ hài lòng của người dân lên trên 92%.", list_=dash),
        p("Cắt giảm ít nhất 20% thời gian giải quyết.", list_=dash),
        p("Yêu cầu", list_=small),
        p("Mỗi nhiệm vụ có một cơ quan chủ trì, một thời hạn, một sản phẩm."),
        p("NHIỆM VỤ", list_=great),
        p("Cải cách thể chế", list_=small),
        p("Rà soát văn bản quy phạm pháp luật của Thành phố.", list_=smaller),
        p("Công bố văn bản hết hiệu lực.", list_=smaller),
        p("Cải cách thủ tục hành chính", list_=small),
        p("Nhiệm vụ và thời hạn như bảng sau:"),
        table(
            ["TT", "Nhiệm vụ", "Chủ trì", "Thời hạn"],
            [cell("1", merge="restart"), cell("Rà soát thủ tục"), "Văn phòng", "30/3/2027"],
            [cell("", merge="continue"), cell("Đơn giản hóa hồ sơ"), "Các sở", "30/6/2027"],
            ["2", cell("Số hóa kết quả còn hiệu lực", columns=2), "30/9/2027"],
            heads=1,
        ),
        p("Bảng trên được cập nhật hằng quý."),
        p("TỔ CHỨC THỰC HIỆN", list_=great),
        p("Sở Nội vụ theo dõi, đôn đốc.", list_=small),
        p("Sở Tài chính bố trí kinh phí.", list_=small),
        _signature("- Các sở;"),
        p("PHỤ LỤC 01"),
        p("CHỈ TIÊU NĂM 2027"),
        table(["Chỉ tiêu", "Mức"], ["Hồ sơ đúng hạn", "98%"], ["Trực tuyến", "80%"], heads=1),
        p("PHỤ LỤC 02: DANH MỤC VĂN BẢN RÀ SOÁT"),
        p("1. Quyết định số 12/2024/QĐ-UBND."),
        p("2. Quyết định số 20/2024/QĐ-UBND."),
    )  # fmt: skip


def badly_formatted() -> bytes:
    """Labels typed by hand, odd spaces, decomposed letters, changes tracked, a text box."""
    return docx(*(unicodedata.normalize("NFD", block) for block in _bad_blocks()))


def _bad_blocks() -> list[str]:
    return [
        p("  QUY ĐỊNH"),
        p("Về tiếp nhận, xử lý phản ánh, kiến nghị"),
        p("Chương  I\tNHỮNG QUY ĐỊNH CHUNG"),
        p("Điều\u00a01 .\u00a0Phạm vi"),
        p("Quy định này áp dụng cho các xã, phường.\n1.Phản ánh qua ứng dụng.\n2 . Kiến nghị "
          "bằng văn bản."),
        p("Đi", more=run("ều ", "<w:b/>") + run("2:") + run(" Thời hạn")),
        p("1- Mười ngày làm việc đối với phản ánh.", more=inserted(" Trường hợp gấp: ba ngày.")
          + deleted("Trường hợp gấp: một ngày.") + hidden("ghi chú nội bộ")),
        p("2. Thời hạn trả lời là:"),
        p("a ) 05 ngày đối với phản ánh;"),
        p("b). 10 ngày đối với kiến nghị;"),
        p("đ) 15 ngày đối với việc phức tạp;"),
        control(p("3.\tHết thời hạn mà chưa xử lý xong thì thông báo lý do.")),
        p("ĐIỀU 3"),
        p("Trách nhiệm", more=box("Sơ đồ: tiếp nhận – xử lý – trả lời")),
        table([cell(p("1. Người đứng đầu chịu trách nhiệm."), p("2. Công khai kết quả."))]),
        p("Điều 4.Hiệu lực: từ ngày ký."),
    ]  # fmt: skip


DRAFTS = {
    "quyet-dinh-kem-quy-che.docx": decision_with_regulation,
    "quyet-dinh-kem-quy-che-ban-2.docx": partial(decision_with_regulation, "02", is_revised=True),
    "quyet-dinh-sua-doi.docx": amending_decision,
    "ke-hoach-co-bang.docx": plan_with_tables,
    "dinh-dang-bang-tay.docx": badly_formatted,
}

if __name__ == "__main__":
    for name, make in DRAFTS.items():
        (FOLDER / name).write_bytes(make())
