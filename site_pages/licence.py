"""On what terms the portal's data may be used."""

from .metadata import ATTRIBUTION

# Article 3.6 of the regulation, as a line that travels with every copy.
LICENCE = f"Được sao chép, sử dụng với điều kiện ghi rõ: “{ATTRIBUTION}” (Điều 3 khoản 6 Quy chế)."
