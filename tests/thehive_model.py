"""What a TheHive keeps and how it answers, in memory: the half of the stand-in that knows no HTTP.

Written from the documents of the real one, to be wrong where a careless client would not notice: fields that are
ignored in silence, keys that are unique, a whole alert refused for one unknown data type, each observable its own
transaction. Imitated: 3.5 (v0), 4.1 (v0 and v1), 5.7 (v1). Tested by tests/case_peers, which lets thehive4py use it.
"""

import collections
import threading

TYPES = ["autonomous-system", "domain", "file", "filename", "fqdn", "hash", "hostname", "ip", "mail", "mail-subject",
         "other", "regexp", "registry", "uri_path", "url", "user-agent"]
VERSIONS = {3: "3.5.1-1", 4: "4.1.24-1", 5: "5.7.3-1"}
PERMISSIONS = {
    3: ["read", "write", "alert"],
    4: ["manageAlert", "manageCase", "manageObservable", "manageTask", "manageProcedure"],
    5: ["manageAlert/create", "manageAlert/update", "manageAlert/import", "manageCase/create", "manageCase/update",
        "manageObservable", "manageTask", "manageProcedure"],
}
LIMITS = {"type": 32, "source": 32, "sourceRef": 128, "title": 512, "description": 1 << 20, "externalLink": 4096}


class Refused(Exception):
    def __init__(self, status, kind, message):
        super().__init__(message)
        self.status, self.body = status, {"type": kind, "message": message}


class Hive:
    """All state under one lock; every public call is one transaction but for observables, as in the real one."""

    def __init__(self, product):
        self.product = product
        self.lock = threading.RLock()
        self.next_id, self.next_number, self.clock = 4096, 1, 1700000000000
        self.alerts, self.cases, self.observables, self.tasks, self.procedures, self.attachments = {}, {}, {}, {}, {}, {}
        self.children = collections.defaultdict(dict)  # parent -> (type, value) -> observable
        self.types = list(TYPES) if product > 3 else [t for t in TYPES if t not in ("hostname", "mail-subject")]
        self.fields = {"source": "string", "score": "integer"}
        self.patterns = {"T1566", "T1059", "T1071.001"}
        self.read_only = False

    def new_id(self):
        self.next_id += 4
        return f"~{self.next_id}" if self.product > 3 else f"AW{self.next_id:08x}"

    def now(self):
        self.clock += 1
        return self.clock

    # Input checks.

    def check_strings(self, body, names, required=()):
        for name in required:
            if body.get(name) in (None, ""):
                raise Refused(400, "AttributeCheckingError", f"[{name}]: Attribute {name} is missing")
        for name in names:
            value = body.get(name)
            if value is None:
                continue
            if not isinstance(value, str):
                raise Refused(400, "AttributeCheckingError", f"Invalid format for {name}")
            if self.product == 5 and len(value) > LIMITS.get(name, 1 << 20):
                raise Refused(400, "BadRequest", f"Error while decoding input: {name} is too long: {value[:4000]}")
        for name, low, high in (("severity", 1, 4), ("tlp", 0, 4 if self.product == 5 else 3), ("pap", 0, 3)):
            value = body.get(name)
            if value is None:
                continue
            if not isinstance(value, int) or (not low <= value <= high and self.product != 4):
                raise Refused(400, "BadRequest", f"Error while decoding input: {name}")
        for name in ("date", "startDate"):
            if body.get(name) is not None and not isinstance(body[name], int):
                raise Refused(400, "NumberFormatException", f"Invalid date {name}")
        tags = body.get("tags") or body.get("addTags") or []
        if self.product == 5 and any(not 1 <= len(tag) <= 128 for tag in tags):
            raise Refused(400, "BadRequest", "Error while decoding input: tags")

    def check_fields(self, values):
        names = values if isinstance(values, dict) else {each["name"]: each for each in values or []}
        for name in names:
            if name not in self.fields:
                raise Refused(404, "NotFoundError", f"CustomField {name} not found")

    def check_observable(self, body):
        if body.get("dataType") not in self.types:
            raise Refused(404, "NotFoundError", f"ObservableType {body.get('dataType')} not found")
        if self.product == 5:
            self.check_strings(body, ["message"])
            data = body.get("data")
            if isinstance(data, list) and any(len(each) > 4096 for each in data):
                raise Refused(400, "BadRequest", "Error while decoding input: data: an element is too long")

    # Observables.

    def of(self, parent):
        return list(self.children[parent].values())

    def put_observable(self, parent, body, data, attachment=None):
        """One value; raises where it is there already."""
        key = (body["dataType"], data if attachment is None else attachment["name"])
        if key in self.children[parent]:
            raise Refused(400, "CreateError", "Observable already exists")
        made = {"_id": self.new_id(), "parent": parent, "dataType": body["dataType"], "data": data,
                "ioc": bool(body.get("ioc")), "sighted": bool(body.get("sighted")), "tags": list(body.get("tags") or []),
                "tlp": body.get("tlp", 2), "message": body.get("message"), "_createdAt": self.now(), "_createdBy": "spoor@soc"}
        if body.get("sightedAt"):
            made["sightedAt"] = body["sightedAt"]
        if attachment is not None:
            made["attachment"], made["data"] = attachment, None
        self.observables[made["_id"]] = self.children[parent][key] = made
        return made

    def values(self, body):
        data = body.get("data")
        data = data if isinstance(data, list) else [data]
        return [each for each in data if isinstance(each, str) and each.strip()]

    def add_observables(self, parent, body, attachment=None, stop_after=None):
        """(made, failed); `stop_after` values the caller lets the rest go: the fault of a half-done call."""
        self.check_observable(body)
        made, failed = [], []
        for number, value in enumerate([None] if attachment else self.values(body)):
            if stop_after is not None and number >= stop_after:
                break
            try:
                made.append(self.put_observable(parent, body, value, attachment))
            except Refused as refused:
                failed.append({**refused.body, "object": {"data": value}})
        return made, failed

    # Alerts.

    def find_alert(self, name):
        if name in self.alerts:
            return self.alerts[name]
        if self.product > 3 and name.count(";") == 2:
            for alert in self.alerts.values():
                if ";".join((alert["type"], alert["source"], alert["sourceRef"])) == name:
                    return alert
        raise Refused(404, "NotFoundError", f"Alert {name} not found")

    def create_alert(self, body, api):
        self.check_strings(body, ["type", "source", "sourceRef", "title", "description", "externalLink"],
                           ["type", "source", "sourceRef", "title", "description"])
        key = (body["type"], body["source"], body["sourceRef"])
        if any((a["type"], a["source"], a["sourceRef"]) == key for a in self.alerts.values()):
            kind = "ConflictError" if self.product == 3 else "CreateError"
            raise Refused(400, kind, f"Alert {':'.join(key)} already exist in organisation soc")
        member = {"v0": "artifacts", "v1": "observables" if self.product == 5 else None}[api]
        groups = body.get(member) or [] if member else []
        for group in groups:
            self.check_observable(group)
        fields = body.get("customFields" if api == "v0" or self.product == 5 else "customFieldValue")
        self.check_fields(fields)
        alert = {"_id": self.new_id(), "caseId": None, "case_created": 0, "customFields": fields or {},
                 "severity": 2, "tlp": 2, "pap": 2, "tags": [], "status": "New", "_createdAt": self.now(),
                 "_createdBy": "spoor@soc", "date": self.now(), "externalLink": None, "caseTemplate": None}
        alert.update({k: body[k] for k in ("type", "source", "sourceRef", "title", "description", "severity", "tlp", "pap",
                                           "tags", "date", "externalLink", "caseTemplate") if body.get(k) is not None})
        procedures = body.get("procedures") or [] if self.product == 5 else []
        for each in procedures:
            self.check_procedure(each)
        self.alerts[alert["_id"]] = alert
        for each in procedures:
            self.add_procedure(alert, each)
        for group in groups:
            for value in self.values(group):
                try:
                    self.put_observable(alert["_id"], group, value)
                except Refused:
                    pass  # duplicates inside one alert are dropped in silence
        return alert

    def update(self, what, body, api):
        self.check_strings(body, ["title", "description"])
        if "addTags" in body:
            if self.product < 5:
                raise Refused(400, "AttributeCheckingError", "Unknown attribute addTags")
            what["tags"] = sorted(set(what["tags"]) | set(body["addTags"]))
        for name in ("title", "description", "severity", "tlp", "pap", "tags", "status", "summary"):
            if name in body:
                what[name] = body[name]

    def copy_observables(self, alert, case):
        for each in [other for other in self.procedures.values() if other["parent"] == alert["_id"]]:
            self.add_procedure(case, each)
        for each in self.of(alert["_id"]):
            try:
                self.put_observable(case["_id"], each, each["data"], each.get("attachment"))
            except Refused:
                pass

    def promote(self, alert, body):
        if alert["caseId"]:
            raise Refused(400, "BadRequest", "Alert is already imported")
        case = self.create_case({**{k: alert[k] for k in ("title", "description", "severity", "tlp", "pap", "tags")}, **body})
        alert["caseId"], alert["status"] = case["_id"], "Imported"
        self.copy_observables(alert, case)
        return case

    def merge(self, alert, case):
        if alert["caseId"]:
            raise Refused(400, "BadRequest", "Alert is already imported")
        alert["caseId"], alert["status"] = case["_id"], "Imported"
        case["description"] += f"\n\n#### Merged with alert #{alert['sourceRef']} {alert['title']}\n\n{alert['description']}"
        case["tags"] = sorted(set(case["tags"]) | set(alert["tags"]))
        self.copy_observables(alert, case)
        return case

    # Cases.

    def find_case(self, name):
        for case in self.cases.values():
            if name in (case["_id"], str(case["number"])):
                return case
        raise Refused(404, "NotFoundError", f"Case {name} not found")

    def create_case(self, body):
        self.check_strings(body, ["title", "description"], ["title", "description"])
        self.check_fields(body.get("customFields"))
        case = {"_id": self.new_id(), "number": self.next_number, "severity": 2, "tlp": 2, "pap": 2, "tags": [],
                "status": "New" if self.product == 5 else "Open", "resolutionStatus": None, "stage": "New",
                "customFields": body.get("customFields") or {}, "_createdAt": self.now(), "_createdBy": "spoor@soc",
                "startDate": self.now(), "caseTemplate": body.get("caseTemplate") or body.get("template")}
        self.next_number += 1
        case.update({k: body[k] for k in ("title", "description", "severity", "tlp", "pap", "tags") if body.get(k) is not None})
        self.cases[case["_id"]] = case
        for task in body.get("tasks") or []:
            self.add_task(case, task)
        return case

    def add_task(self, case, body):
        self.check_strings(body, ["title"], ["title"])
        task = {"_id": self.new_id(), "parent": case["_id"], "title": body["title"], "group": body.get("group", "default"),
                "description": body.get("description"), "status": "Waiting", "order": body.get("order", 0),
                "flag": False, "_createdAt": self.now(), "_createdBy": "spoor@soc"}
        self.tasks[task["_id"]] = task
        return task

    def check_procedure(self, body):
        if body.get("patternId") not in self.patterns:
            raise Refused(404, "NotFoundError", f"Pattern {body.get('patternId')} not found")
        if not isinstance(body.get("occurDate"), int):
            raise Refused(400, "BadRequest", "Error while decoding input: occurDate")

    def add_procedure(self, parent, body):
        self.check_procedure(body)
        made = {"_id": self.new_id(), "parent": parent["_id"], "patternId": body["patternId"],
                "occurDate": body["occurDate"], "_createdAt": self.now(), "_createdBy": "spoor@soc"}
        self.procedures[made["_id"]] = made
        return made

    def add_attachment(self, parent, name, content):
        for each in self.attachments.values():
            if each["parent"] == parent["_id"] and each["name"] == name:
                raise Refused(400, "CreateError", f"Attachment {name} already exists")
        made = {"_id": self.new_id(), "parent": parent["_id"], "name": name, "size": len(content), "_createdAt": self.now()}
        self.attachments[made["_id"]] = made
        return made

    def state(self):
        with self.lock:
            return {"alerts": list(self.alerts.values()), "cases": list(self.cases.values()),
                    "observables": list(self.observables.values()), "tasks": list(self.tasks.values()),
                    "procedures": list(self.procedures.values()), "attachments": list(self.attachments.values())}

    # What each API shows of a thing.

    def show(self, kind, what, api):
        out = {k: v for k, v in what.items() if k not in ("parent", "case_created")}
        out.update({"_type": kind, "_updatedAt": None, "_updatedBy": None, "extraData": {}})
        labels = {1: "LOW", 2: "MEDIUM", 3: "HIGH", 4: "CRITICAL"}
        if "severity" in out:
            out["severityLabel"] = labels.get(out["severity"], "?")
        if kind == "alert":
            out["observableCount"] = len(self.of(what["_id"]))
            out["read"] = what["status"] != "New"
            out["follow"] = True
        if api == "v0":
            out["id"] = what["_id"]
            out["createdAt"], out["createdBy"] = what.get("_createdAt"), "spoor@soc"
            if kind == "alert":
                out["case"] = what["caseId"]
                out["artifacts"] = [self.show("case_artifact", each, api) for each in self.of(what["_id"])]
            if kind == "case":
                out["caseId"] = what["number"]
        return out
