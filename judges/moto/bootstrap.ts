/** What `cdk bootstrap` and the upload of assets leave in an account: the parameter of its version, and the bucket. */
import { readFileSync } from 'node:fs';
import * as v from 'valibot';

const manifestSchema = v.object({
  files: v.record(
    v.string(),
    v.object({
      destinations: v.record(v.string(), v.object({ bucketName: v.string(), objectKey: v.string() })),
    }),
  ),
});

interface Stack {
  readonly templateFullPath: string;
}

/** A header is all that moto reads of a signature: it has the region and the service. */
function signedFor(service: string): Readonly<Record<string, string>> {
  const scope = `judge/20261126/ap-south-1/${service}/aws4_request`;
  return { authorization: `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host, Signature=none` };
}

async function send(url: string, request: RequestInit): Promise<void> {
  const { ok, status } = await fetch(url, request);
  // The bucket is there from the second stack on.
  if (!ok && status !== 409) throw new Error(`moto answered ${status} to ${request.method} ${url}`);
}

/** Makes both, with an empty object for each asset of the stacks. */
export async function bootstrap(url: string, stacks: readonly Stack[]): Promise<void> {
  const parameter = { Name: '/cdk-bootstrap/hnb659fds/version', Type: 'String', Value: '30' };
  await send(url, {
    method: 'POST',
    headers: {
      ...signedFor('ssm'),
      'x-amz-target': 'AmazonSSM.PutParameter',
      'content-type': 'application/x-amz-json-1.1',
    },
    body: JSON.stringify(parameter),
  });
  for (const { templateFullPath } of stacks) {
    const { files } = v.parse(
      manifestSchema,
      JSON.parse(readFileSync(templateFullPath.replace(/\.template\.json$/, '.assets.json'), 'utf8')),
    );
    for (const { destinations } of Object.values(files))
      for (const { bucketName, objectKey } of Object.values(destinations)) {
        const bucket = `${url}/${bucketName}`;
        const place =
          '<CreateBucketConfiguration><LocationConstraint>ap-south-1</LocationConstraint></CreateBucketConfiguration>';
        await send(bucket, { method: 'PUT', headers: signedFor('s3'), body: place });
        await send(`${bucket}/${objectKey}`, { method: 'PUT', headers: signedFor('s3'), body: 'asset' });
      }
  }
}
