/**
 * A domain of the adopter's own in front of the API. The adopter also brings the certificate, issued in the stack's
 * region, and the DNS record, which points to the name in the stack's output.
 *
 * The gateway's own endpoint stays open, so that people can try a deployment before they change the DNS record.
 */
import {
  CfnApiMapping,
  type CfnStage,
  DomainName,
  type HttpApi,
  IpAddressType,
  SecurityPolicy,
} from 'aws-cdk-lib/aws-apigatewayv2';
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import { Construct } from 'constructs';

export interface CustomDomainProps {
  readonly domainName: string;
  readonly certificateArn: string;
  readonly api: HttpApi;
  readonly stage: CfnStage;
}

/** The domain, mapped to the stage at its root. */
export class CustomDomain extends Construct {
  /** What the DNS record points to. */
  readonly target: string;

  constructor(scope: Construct, id: string, props: CustomDomainProps) {
    super(scope, id);
    const domain = new DomainName(this, 'DomainName', {
      domainName: props.domainName,
      certificate: Certificate.fromCertificateArn(this, 'Certificate', props.certificateArn),
      ipAddressType: IpAddressType.DUAL_STACK,
      securityPolicy: SecurityPolicy.TLS_1_2,
    });
    const mapping = new CfnApiMapping(this, 'Mapping', {
      apiId: props.api.apiId,
      domainName: domain.name,
      stage: props.stage.stageName,
    });
    mapping.node.addDependency(props.stage);
    this.target = domain.regionalDomainName;
  }
}
