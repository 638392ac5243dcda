#!/bin/sh
# Makes assets/providers again from the two lists of the XMPP Providers project (data: CC0-1.0), which are given as files:
#
#   packaging/providers.sh providers-B.json providers-Ds.json
#
# They are at https://data.xmpp.net/providers/v2/. Run it from the top of the repository. What Causerie does not read is left out,
# and each provider has a line of its own.
set -eu

/usr/bin/env python3 - "$1" "$2" <<'PYTHON'
import json
import sys

FIELDS = """jid category since organization freeOfCharge serverLocations website legalNotice passwordReset registrationWebPage
inBandRegistration inBandRegistrationCaptchaRequired inBandRegistrationEmailAddressRequired maximumHttpFileUploadFileSize
maximumHttpFileUploadTotalSize maximumHttpFileUploadStorageTime maximumMessageArchiveManagementStorageTime
groupChatSupport""".split()


def written(name, entries):
    lines = ",\n".join(json.dumps(entry, ensure_ascii=False, separators=(",", ":")) for entry in entries)
    with open(f"assets/providers/{name}.json", "w", encoding="utf-8") as file:
        file.write(f"[\n{lines}\n]\n")


with open(sys.argv[1], encoding="utf-8") as file:
    providers = json.load(file)
with open(sys.argv[2], encoding="utf-8") as file:
    domains = json.load(file)
written("providers", [{key: entry[key] for key in FIELDS if key in entry} for entry in providers])
written("domains", domains)
PYTHON
