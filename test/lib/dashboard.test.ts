import { describe, expect, it } from 'vitest';
import { messages } from '../../functions/runtime/message-codes.ts';
import { metricGroups } from '../../functions/runtime/metric-groups.ts';
import { smsPriceRupees } from '../../lib/sms-price.ts';
import { graphsOf } from '../support/watched-metrics.ts';
import { doorcodeTemplate } from './doorcode-template.ts';

const template = doorcodeTemplate();
const graphs = graphsOf(template);
const namesIn = (title: RegExp): readonly string[] =>
  graphs.filter((graph) => title.test(graph.title)).flatMap(({ metrics }) => metrics.map(({ name }) => name));

describe('the dashboard', () => {
  it('shows only what the code or AWS writes', () => {
    const written = new Set([
      ...Object.keys(messages),
      ...Object.keys(metricGroups),
      'typed-in',
      'provider.latency',
      'provider-key.age',
    ]);
    const all = graphs.flatMap(({ metrics }) => metrics);
    for (const { namespace, name } of all) {
      if (namespace === 'Doorcode') expect(written, name).toContain(name);
      else
        expect([
          'AWS/Lambda Errors',
          'AWS/Lambda Throttles',
          'AWS/Lambda Invocations',
          'AWS/ApiGateway Latency',
          'AWS/ApiGateway 5xx',
        ]).toContain(`${namespace} ${name}`);
    }
  });

  it('has at most 50 metrics, which three dashboards of an account have for nothing', () => {
    const all = graphs.flatMap(({ metrics }) => metrics);
    expect(all.length).toBeGreaterThan(30);
    expect(all.length).toBeLessThanOrEqual(50);
  });

  it('shows every limit, and every way in which sending is slowed', () => {
    const limits = Object.keys(messages).filter((code) => /^request-otp\.(limited-|denied)/.test(code));
    expect([...namesIn(/^Refused: limits/)].sort()).toEqual(limits.sort());
    expect(namesIn(/^Refused: budget/)).toEqual(
      expect.arrayContaining([
        'request-otp.budget-spent',
        'request-otp.switched-off',
        'request-otp.unproven',
      ]),
    );
  });

  it('shows every outcome of the provider', () => {
    const outcomes = Object.keys(messages).filter(
      (code) => code.startsWith('request-otp.provider-') && code !== 'request-otp.provider-breaker',
    );
    expect([...namesIn(/^Provider: outcomes/)].sort()).toEqual(
      [...outcomes, 'request-otp.unconfirmed'].sort(),
    );
  });

  it('has a row of sessions, where there are any', () => {
    expect(namesIn(/^Sessions: /)).toEqual([
      'Invocations',
      'verify-otp.sessions-evicted',
      'session.ended',
      'session.reuse',
    ]);
    const off = graphsOf(doorcodeTemplate({ sessions: 'off' }));
    expect(off.map(({ title }) => title)).toEqual(
      graphs.map(({ title }) => title).filter((title) => !title.startsWith('Sessions')),
    );
  });

  it('reckons the cost by the one price', () => {
    const [cost] = graphs.filter(({ title }) => title.startsWith('Cost of the day'));
    expect(cost?.expressions[0]).toBe(`${smsPriceRupees} * paid`);
  });

  it('finds the uses of a key by version, of this stack alone', () => {
    const [uses] = graphs.filter(({ title }) => title.includes('key version'));
    expect(uses?.expressions).toEqual([
      `SEARCH('{Doorcode,service,versionId} MetricName="provider-key.used" service="Doorcode"', 'Sum', 300)`,
    ]);
  });

  it('is named by CloudFormation, and its address is put out', () => {
    const [[id = '', dashboard] = []] = Object.entries(template.findResources('AWS::CloudWatch::Dashboard'));
    expect(dashboard?.['Properties']).not.toHaveProperty('DashboardName');
    template.hasOutput('DashboardUrl', {
      Value: {
        'Fn::Join': [
          '',
          [
            'https://ap-south-1.console.aws.amazon.com/cloudwatch/home?region=ap-south-1#dashboards/dashboard/',
            { Ref: id },
          ],
        ],
      },
    });
  });
});
