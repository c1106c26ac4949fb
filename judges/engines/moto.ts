/** The DynamoDB of moto, whose parser of expressions is its own, in Python. */
import { pythonTools, versionOf } from '../install/python.ts';
import { type Engine, startEngine } from './engine.ts';

/**
 * moto's own command starts a thread for each request, and moto locks nothing, so two updates of one item would overwrite
 * each other. Here it takes one request after the other.
 */
const program = `
import logging, sys
from werkzeug.serving import run_simple
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, MotoRequestHandler, create_backend_app
logging.getLogger("werkzeug").setLevel(logging.ERROR)
app = DomainDispatcherApplication(create_backend_app)
run_simple("127.0.0.1", int(sys.argv[1]), app, threaded=False, request_handler=MotoRequestHandler)
`;

export async function startMoto(): Promise<Engine> {
  const tools = await pythonTools('moto');
  return startEngine(await versionOf(tools, 'moto'), [tools.command('python'), '-c', program]);
}
