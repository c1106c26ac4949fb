/**
 * The functions of a deployment with their processes, and the permissions to invoke them. An update replaces all processes,
 * as Lambda replaces the execution environments of a function whose code, variables or role changed.
 */
import { accessKeyIdOf } from '../aws/access-keys.ts';
import { type Invoker, mayInvoke } from '../aws/invoke-permission.ts';
import type { DeployedFunction, Deployment } from '../deployed.ts';
import { type FunctionPool, openFunctionPool, type PoolOptions } from './function-pool.ts';
import type { Invocation } from './worker-process.ts';

export interface FunctionHostOptions {
  readonly environmentOf: (deployed: DeployedFunction) => PoolOptions['environment'];
  readonly maxWorkers: number;
  readonly onLine: (deployed: DeployedFunction, line: string) => void;
}

export interface FunctionHost {
  /** Replaces what runs by the functions and permissions of `deployment`. */
  deploy(deployment: Deployment): Promise<void>;
  /** Changes rights and permissions alone. As in IAM, that reaches what runs, so the processes stay. */
  changeRights(deployment: Deployment): void;
  /** Invokes a function for a service, if a permission lets it. */
  invoke(invoker: Invoker, event: unknown): Promise<Invocation>;
  /** Invokes a function for a person, whose rights the endpoint has checked. */
  invokeByHand(functionArn: string, event: unknown): Promise<Invocation>;
  /** The function that signs with an access key id. */
  caller(accessKeyId: string): DeployedFunction | undefined;
  /** The processes of a function, by its name. */
  pool(name: string): FunctionPool;
  stop(): Promise<void>;
}

/** A host without functions. */
export function openFunctionHost({ environmentOf, maxWorkers, onLine }: FunctionHostOptions): FunctionHost {
  let running: ReadonlyMap<string, { readonly deployed: DeployedFunction; readonly pool: FunctionPool }> =
    new Map();
  let permissions: Deployment['invokePermissions'] = [];
  const stop = async (): Promise<void> => {
    await Promise.all([...running.values()].map(({ pool }) => pool.stop()));
  };
  const poolNamed = (name: string): FunctionPool => {
    const found = running.get(name);
    if (found === undefined)
      throw new Error(`no function ${name}; there are ${[...running.keys()].join(', ')}`);
    return found.pool;
  };
  const withArn = (functionArn: string) => {
    const found = [...running.values()].find(({ deployed }) => deployed.arn === functionArn);
    if (found === undefined) throw new Error(`no function ${functionArn}`);
    return found;
  };
  return {
    deploy: async ({ functions, invokePermissions }) => {
      await stop();
      permissions = invokePermissions;
      running = new Map(
        functions.map((deployed) => {
          const environment = environmentOf(deployed);
          const pool = openFunctionPool(deployed, {
            environment,
            maxWorkers,
            onLine: (line) => onLine(deployed, line),
          });
          return [deployed.name, { deployed, pool }] as const;
        }),
      );
    },
    changeRights: ({ functions, invokePermissions }) => {
      permissions = invokePermissions;
      running = new Map(
        functions.map((deployed) => [deployed.name, { deployed, pool: poolNamed(deployed.name) }] as const),
      );
    },
    invoke: async (invoker, event) => {
      if (!mayInvoke(permissions, invoker)) {
        const errorMessage = `${invoker.principal} may not invoke ${invoker.functionArn}`;
        return { tag: 'error', errorType: 'AccessDeniedException', errorMessage };
      }
      return withArn(invoker.functionArn).pool.invoke(event);
    },
    invokeByHand: (functionArn, event) => withArn(functionArn).pool.invoke(event),
    caller: (accessKeyId) =>
      [...running.values()].find(({ deployed }) => accessKeyIdOf(deployed) === accessKeyId)?.deployed,
    pool: poolNamed,
    stop,
  };
}
