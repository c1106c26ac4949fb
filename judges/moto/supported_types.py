"""Prints the types that moto's CloudFormation makes, as a JSON list. moto knows them when all its services are loaded."""
import json

from moto.backend_index import backend_url_patterns
from moto.backends import get_backend
from moto.cloudformation.parsing import get_model_map

for service in sorted({name for name, _ in backend_url_patterns}):
    try:
        get_backend(service)
    except Exception:  # A service that needs a package which is not here makes no resource either.
        continue
print(json.dumps(sorted(get_model_map())))
