"""Walks the API by a client that openapi-python-client generated: BASE_URL and TOKEN come from the environment."""

import os

from qr import AuthenticatedClient
from qr.api.codes import delete, generate, get, list_, patch, picture, stats
from qr.models import PictureFormat, QrCodeInput, QrCodePatch

client = AuthenticatedClient(base_url=os.environ["BASE_URL"], token=os.environ["TOKEN"])

created = generate.sync(client=client, body=QrCodeInput(target_url="https://example.com/", tags=["py"]), idempotency_key="py")
assert created.target_url == "https://example.com/" and created.expires_at is None, created
assert created.svg.startswith("<svg"), created
qr_id = created.qr_id

page = list_.sync(client=client, tag="py", limit=1)
assert [code.qr_id for code in page.qr_codes] == [qr_id], page
assert page.qr_codes[0].created_at == created.created_at, page

assert get.sync(qr_id, client=client).state == "open"

png = picture.sync_detailed(qr_id, client=client, format_=PictureFormat.PNG, size=128).content
assert png.startswith(b"\x89PNG"), png[:16]

changed = patch.sync(qr_id, client=client, body=QrCodePatch(name="Menu", max_scans=5))
assert (changed.name, changed.max_scans) == ("Menu", 5), changed

figures = stats.sync(qr_id, client=client, days=7)
assert figures.qr_id == qr_id and figures.scans == 0, figures

assert delete.sync_detailed(qr_id, client=client).status_code == 204
assert get.sync(qr_id, client=client).title == "Not found"
print("walked")
