/** A domain of the adopter's own: in API Gateway, mapped, and in DNS. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { NameLookUp } from '../../doctor/dns.ts';
import { AwsError } from '../../local/aws/aws-error.ts';
import { type LocalStack, startLocalStack } from '../../local/local-stack.ts';
import { runDoctor } from '../support/run-doctor.ts';

const domain = 'auth.example.com';
const target = 'd-local.execute-api.ap-south-1.amazonaws.com';
let stack: LocalStack;
beforeAll(async () => {
  stack = await startLocalStack({
    workers: 1,
    settings: {
      customDomainName: domain,
      certificateArn: 'arn:aws:acm:ap-south-1:000000000000:certificate/00000000-0000-4000-8000-000000000000',
    },
  });
});
afterEach(() => stack.alterAnswers());
afterAll(() => stack.stop());

type Looked = Awaited<ReturnType<NameLookUp['lookUp']>>;

/** DNS with these records; the target has addresses of its own. */
const dns = (records: Readonly<Record<string, Looked>>): NameLookUp => ({
  lookUp: async (name) =>
    ({ [target]: found([], ['192.0.2.1', '192.0.2.2']), ...records })[name] ?? { tag: 'absent' },
});
const found = (canonical: readonly string[], addresses: readonly string[]): Looked => ({
  tag: 'found',
  canonical,
  addresses,
});

async function ofDomain(names?: NameLookUp) {
  const { findings } = await runDoctor(stack, { agrees: false, ...(names !== undefined && { names }) });
  return findings.filter(({ check }) => check === 'domain').map(({ check: _, ...finding }) => finding);
}

describe('a domain of one’s own', () => {
  it.each([
    ['a CNAME of the target', found([target], ['192.0.2.9'])],
    ['an alias of the target', found([], ['192.0.2.2'])],
  ])('is ok with %s', async (_, record) => {
    expect(await ofDomain(dns({ [domain]: record }))).toEqual([
      { tag: 'ok', text: `${domain} is available, mapped, and its DNS record points to ${target}` },
    ]);
  });

  it.each([
    ['no record', { tag: 'absent' } as const, `${domain} has no DNS record.`],
    [
      'a record of something else',
      found(['old.example.com'], ['198.51.100.1']),
      `The DNS record of ${domain} does not point to ${target}.`,
    ],
  ])('is wrong with %s', async (_, record, text) => {
    expect(await ofDomain(dns({ [domain]: record }))).toEqual([
      { tag: 'wrong', text, mend: `Make the DNS record: a CNAME or alias of ${domain} to ${target}.` },
    ]);
  });

  it('cannot be told where the resolver does not answer, nor on the local stack, which has no DNS', async () => {
    expect(await ofDomain(dns({ [domain]: { tag: 'unanswered', reason: 'ETIMEOUT' } }))).toEqual([
      { tag: 'untold', reason: `the resolver did not answer for ${domain} (ETIMEOUT)` },
    ]);
    expect(await ofDomain()).toEqual([{ tag: 'untold', reason: 'the local stack has no DNS' }]);
  });

  it.each([
    ['GetApiMappings', () => ({ Items: [] }), /not mapped to the API at its root/],
    ['GetDomainName', () => new AwsError('NotFoundException', 'no', 404), /does not have the domain/],
    [
      'GetDomainName',
      (answer: unknown) => {
        const { DomainNameConfigurations } = Object(answer);
        return {
          DomainNameConfigurations: [
            { ...DomainNameConfigurations[0], DomainNameStatus: 'PENDING_CERTIFICATE_REIMPORT' },
          ],
        };
      },
      /is PENDING_CERTIFICATE_REIMPORT/,
    ],
  ])('is wrong where %s answers otherwise (%#)', async (operation, change, text) => {
    stack.alterAnswers(({ action }, answer) => (action === operation ? change(answer) : answer));
    expect(await ofDomain(dns({ [domain]: found([target], []) }))).toEqual([
      { tag: 'wrong', text: expect.stringMatching(text), mend: expect.any(String) },
    ]);
  });

  it('that does not answer is told by the issuer, too', async () => {
    const { findings } = await runDoctor(stack, { agrees: false });
    expect(findings.find(({ check }) => check === 'issuer')).toMatchObject({
      tag: 'wrong',
      text: expect.stringContaining(`https://${domain} `),
    });
  });
});
