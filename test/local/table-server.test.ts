import { accessSync, constants } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { Advice } from '../../local/advice.ts';
import { tableServerBinary } from '../../local/table-server.ts';

describe('the table server', () => {
  it('comes with npm ci on Linux x64', () => {
    expect(() =>
      accessSync(tableServerBinary({ platform: 'linux', arch: 'x64' }), constants.X_OK),
    ).not.toThrow();
  });

  it('says how to go on where there is none, the docker line included', () => {
    const onMac = () => tableServerBinary({ platform: 'darwin', arch: 'arm64' });
    expect(onMac).toThrow(Advice);
    expect(onMac).toThrow(/darwin-arm64.*\n.*docker run .*\n.*AWS_ENDPOINT_URL_DYNAMODB=\S+ npm start/);
  });
});
