"""Validates recorded exchanges against the service models of botocore, as the AWS CLI carries it: requests, answers and errors.

Reads a JSON list of exchanges. Prints as JSON what is wrong, how many calls of which operation it saw, and which of the
operations were answered without an error at least once.
"""
import base64
import json
import re
import sys
from urllib.parse import parse_qsl, unquote, urlsplit

import awscli.botocore as botocore
import awscli.botocore.exceptions
import awscli.botocore.parsers
import awscli.botocore.session
from awscli.botocore.validate import ParamValidator

SERVICES = {"monitoring": "cloudwatch", "apigateway": "apigatewayv2"}
# The errors that every operation may answer with, which the models do not repeat.
# https://docs.aws.amazon.com/secretsmanager/latest/apireference/CommonErrors.html and its neighbours
COMMON = {
    "AccessDenied", "AccessDeniedException", "AuthorizationError", "ExpiredTokenException", "IncompleteSignature",
    "InternalFailure", "InternalServerError", "InvalidSignatureException", "MissingAuthenticationTokenException",
    "RequestEntityTooLargeException", "SerializationException", "ThrottlingException", "UnknownOperationException",
    "UnrecognizedClientException", "ValidationError", "ValidationException",
}
session = botocore.session.get_session()
models = {}


def model_of(exchange):
    scope = re.search(r"Credential=[^/]+/\d+/[^/]+/([^/]+)/", exchange["headers"].get("authorization", ""))
    if scope is None:
        return None
    name = SERVICES.get(scope[1], scope[1])
    if name not in models:
        models[name] = session.get_service_model(name)
    return models[name]


def operation_of(model, exchange, body):
    target = exchange["headers"].get("x-amz-target")
    path = urlsplit(exchange["path"]).path
    if target:
        return model.operation_model(target.split(".")[1]), json.loads(body)
    cbor = re.fullmatch(r"/service/[^/]+/operation/(\w+)", path)
    if cbor:
        return model.operation_model(cbor[1]), None
    form = dict(parse_qsl(body.decode())) if path == "/" else {}
    if "Action" in form:
        return model.operation_model(form.pop("Action")), form
    for name in model.operation_names:
        operation = model.operation_model(name)
        uri = urlsplit(operation.http["requestUri"]).path
        pattern = re.sub(r"\\\{\w+\\\}", "[^/]+", re.escape(uri)) + "/?"
        if operation.http["method"] == exchange["method"] and re.fullmatch(pattern, path):
            return operation, None
    return None, None


def renamed(shape, value, at, wrong):
    """The value with the model's member names in place of the wire's; what the model does not know is wrong."""
    if shape.type_name == "structure" and isinstance(value, dict):
        names = {member.serialization.get("name", name): name for name, member in shape.members.items()}
        result = {}
        for key, inner in value.items():
            if key not in names:
                wrong.append(f"{at}.{key}: the model has no such member")
            elif inner is None:
                wrong.append(f"{at}.{key}: null, which the service never sends")
            else:
                result[names[key]] = renamed(shape.members[names[key]], inner, f"{at}.{key}", wrong)
        return result
    if shape.type_name == "list" and isinstance(value, list):
        return [renamed(shape.member, inner, f"{at}[]", wrong) for inner in value]
    if shape.type_name == "map" and isinstance(value, dict):
        return {key: renamed(shape.value, inner, f"{at}.{key}", wrong) for key, inner in value.items()}
    if shape.type_name == "string" and isinstance(value, str):
        if shape.enum and value not in shape.enum:
            wrong.append(f"{at}: {value} is none of the model's values")
        pattern = shape.metadata.get("pattern")
        if pattern and not re.search(pattern, value):
            wrong.append(f"{at}: does not match {pattern}")
        if len(value) < shape.metadata.get("min", 0) or len(value) > shape.metadata.get("max", sys.maxsize):
            wrong.append(f"{at}: {len(value)} characters")
    return value


def validated(shape, value, at):
    wrong = []
    if shape is None:
        return wrong
    value = renamed(shape, value, at, wrong)
    report = ParamValidator().validate(value, shape)
    if report.has_errors():
        wrong += [f"{at}: {line}" for line in report.generate_report().split("\n")]
    return wrong


def answer_wrong(operation, exchange, body):
    shape = operation.output_shape
    content = exchange["contentType"]
    if "json" in content:
        if shape is None:
            return []
        # Members in headers are not in the body, and a payload is the body itself.
        if "payload" in shape.serialization:
            return []
        in_body = json.loads(body or b"{}")
        return validated(shape, in_body, "answer") if isinstance(in_body, dict) else ["answer: not an object"]
    protocol = "smithy-rpc-v2-cbor" if "cbor" in content else "query"
    parser = botocore.parsers.create_parser(protocol)
    headers = {"content-type": content}
    parsed = parser.parse({"body": body, "headers": headers, "status_code": exchange["status"]}, shape)
    parsed.pop("ResponseMetadata", None)
    return validated(shape, parsed, "answer") if shape is not None else []


def error_wrong(operation, exchange, body):
    content = exchange["contentType"]
    if "json" in content:
        code = exchange["errorType"] or json.loads(body).get("__type", "")
    elif "cbor" in content:
        parser = botocore.parsers.create_parser("smithy-rpc-v2-cbor")
        parsed = parser.parse(
            {"body": body, "headers": {"content-type": content}, "status_code": exchange["status"]},
            operation.output_shape,
        )
        code = parsed["Error"]["Code"]
    else:
        code = (re.search(rb"<Code>(.*?)</Code>", body) or [b"", b""])[1].decode()
    code = code.split("#")[-1].split(":")[0]
    known = {}
    for shape in operation.error_shapes:
        error = shape.metadata.get("error", {})
        known[error.get("code", shape.name)] = known[shape.name] = error.get("httpStatusCode")
    if code not in known and code not in COMMON:
        return [f"error: {code} is none of {sorted(known)}"]
    expected = known.get(code)
    if expected is not None and expected != exchange["status"]:
        return [f"error: {code} has status {expected}, not {exchange['status']}"]
    return []


def request_wrong(operation, given):
    shape = operation.input_shape
    if given is None or shape is None:
        return []
    if operation.service_model.protocol in ("query",) or "Version" in given:
        members = {name.split(".")[0] for name in given} - {"Version"}
        return [f"request.{name}: the model has no such member" for name in members if name not in shape.members]
    return validated(shape, given, "request")


def main():
    wrong, seen, answered_well = [], {}, set()
    for exchange in json.load(sys.stdin):
        model = model_of(exchange)
        asked, answered = base64.b64decode(exchange["asked"]), base64.b64decode(exchange["answered"])
        if model is None:
            continue
        try:
            operation, given = operation_of(model, exchange, asked)
        except botocore.exceptions.ClientError as error:
            wrong.append(str(error))
            continue
        if operation is None:
            wrong.append(f"{exchange['method']} {unquote(exchange['path'])}: no operation of {model.service_name}")
            continue
        name = f"{model.service_name}:{operation.name}"
        seen[name] = seen.get(name, 0) + 1
        if exchange["status"] < 300:
            answered_well.add(name)
        problems = request_wrong(operation, given)
        try:
            problems += (answer_wrong if exchange["status"] < 300 else error_wrong)(operation, exchange, answered)
        except Exception as error:
            problems.append(f"answer: {type(error).__name__}: {error}")
        wrong += [f"{name}: {problem}" for problem in problems]
    json.dump({"wrong": sorted(set(wrong)), "seen": seen, "answered": sorted(answered_well)}, sys.stdout)


main()
