import { expect } from "chai";
import fc from "fast-check";
import { calls, Permissions, sentenceOf, type Call, type Caller, type Decision } from "../permissions/index.ts";
import { fits, fitsArn } from "../permissions/pattern.ts";
import { bucket, bucketResource, graphOf, resource, role, roleArn } from "./declare.ts";

const caller: Caller = {
  by: "iot.amazonaws.com",
  arn: "arn:aws:iot:us-east-1:123456789012:rule/all",
  title: "the topic rule all",
  name: "all",
  roleArn: roleArn("narrow"),
};

const streamArn = (name: string) => `arn:aws:firehose:us-east-1:123456789012:deliverystream/${name}`;

const allow = (actions: string | string[], resources: string | string[], more: object = {}) => ({
  Effect: "Allow",
  Action: actions,
  Resource: resources,
  ...more,
});

function permissionsOf(...resources: Parameters<typeof graphOf>[0]): { permissions: Permissions; told: Decision[] } {
  const told: Decision[] = [];
  return { permissions: new Permissions(graphOf(resources), (decision) => told.push(decision)), told };
}

/** Whether a role of one policy may put a record to the stream "output". */
function mayPut(...policy: object[]): boolean {
  const { permissions } = permissionsOf(...role("narrow", { policy }));
  return permissions.refusal(calls.rulePutsRecord, caller, { stream: "output" }) === undefined;
}

/** Whether the service may take a role whose trust has these elements. */
function trusts(trust: object, by: keyof typeof trusting = "iot"): boolean {
  const { permissions } = permissionsOf(...role("narrow", { trust }));
  return permissions.roleRefusal({ ...caller, by: trusting[by] }) === undefined;
}

const trusting = {
  firehose: "firehose.amazonaws.com",
  iot: "iot.amazonaws.com",
  lambda: "lambda.amazonaws.com",
} as const;

describe("a role's policies", () => {
  it("allow what a statement allows, and nothing else", () => {
    expect(mayPut(allow("firehose:PutRecord", streamArn("output")))).to.equal(true);
    expect(mayPut(allow("firehose:PutRecordBatch", streamArn("output")))).to.equal(false);
    expect(mayPut(allow("firehose:PutRecord", streamArn("other")))).to.equal(false);
    expect(mayPut()).to.equal(false);
  });

  it("allow nothing by a condition on what no request here has, and hold for all of no values", () => {
    const where = (condition: object) => allow("firehose:PutRecord", streamArn("output"), { Condition: condition });
    expect(mayPut(where({ StringEquals: { "ses:FromAddress": "energy@example.com" } }))).to.equal(false);
    expect(mayPut(where({ Bool: { "lambda:InvokedViaFunctionUrl": "true" } }))).to.equal(false);
    const domains = { "quicksight:AllowedEmbeddingDomains": ["https://energy.example.com"] };
    expect(mayPut(where({ "ForAllValues:StringEquals": domains }))).to.equal(true);
  });

  it("deny what any statement denies", () => {
    const everything = allow("firehose:*", "*");
    expect(mayPut(everything, { ...everything, Effect: "Deny", Resource: streamArn("out*") })).to.equal(false);
    expect(mayPut(everything, { ...everything, Effect: "Deny", Resource: streamArn("other") })).to.equal(true);
  });

  it("take wildcards, lists, and actions in any case", () => {
    expect(mayPut(allow(["s3:GetObject", "firehose:putrecord"], ["x", streamArn("o?tput")]))).to.equal(true);
    expect(mayPut(allow("firehose:Put*", "*"))).to.equal(true);
    expect(mayPut(allow("firehose:Put?", "*"))).to.equal(false);
  });

  it("hold by their conditions", () => {
    const tls = (value: unknown) => ({ Condition: { Bool: { "aws:SecureTransport": value } } });
    expect(mayPut(allow("*", "*", tls("true")))).to.equal(true);
    expect(mayPut(allow("*", "*", tls(true)))).to.equal(true);
    expect(mayPut(allow("*", "*", tls("false")))).to.equal(false);
    const account = (...values: string[]) => ({ Condition: { StringEquals: { "AWS:principalAccount": values } } });
    expect(mayPut(allow("*", "*", account("1", "123456789012")))).to.equal(true);
    expect(mayPut(allow("*", "*", account("1", "2")))).to.equal(false);
    const arn = { Condition: { ArnLike: { "aws:PrincipalArn": "arn:aws:iam::*:role/nar*" } } };
    expect(mayPut(allow("*", "*", arn))).to.equal(true);
    // a call that is made with a role has no source: that is known when the role is taken
    expect(mayPut(allow("*", "*", { Condition: { StringLike: { "aws:SourceAccount": "*" } } }))).to.equal(false);
  });

  it("may be attached", () => {
    const policy = JSON.stringify({ Version: "2012-10-17", Statement: allow("firehose:PutRecord", "*") });
    const arn = "arn:aws:iam::123456789012:policy/putting";
    const { permissions } = permissionsOf(
      ...role("narrow", { policy: [] }),
      resource("aws:iam/policy:Policy", "putting", { name: "putting", policy }, { arn }),
      resource("aws:iam/rolePolicyAttachment:RolePolicyAttachment", "putting", { role: "narrow", policyArn: arn }),
    );
    expect(permissions.refusal(calls.rulePutsRecord, caller, { stream: "output" })).to.equal(undefined);
  });

  it("are refused when they have what is not known here, with resource and place", () => {
    const failure = (statement: object) => () => permissionsOf(...role("narrow", { policy: [statement] }));
    const named = 'aws:iam/rolePolicy:RolePolicy "narrow": the simulator does not know ';
    expect(failure({ Effect: "Allow", NotAction: "s3:*", Action: "x", Resource: "*" })).to.throw(
      `${named}policy.Statement.0.NotAction`,
    );
    expect(failure(allow("x", "*", { Condition: { NumericLessThan: { "s3:max-keys": "10" } } }))).to.throw(
      `${named}policy.Statement.0.Condition.NumericLessThan`,
    );
    expect(failure(allow("x", "*", { Condition: { StringEquals: { "aws:PrincipalOrgID": "o" } } }))).to.throw(
      `${named}policy.Statement.0.Condition.StringEquals.aws:PrincipalOrgID`,
    );
    expect(failure(allow("x", "arn:aws:s3:::b/${aws:username}"))).to.throw(
      "policy.Statement.0.Resource: policy variables are not known here",
    );
  });

  it("of AWS are refused, since what they allow is not declared", () => {
    const policyArn = "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole";
    const attachment = resource("aws:iam/rolePolicyAttachment:RolePolicyAttachment", "basic", {
      role: "narrow",
      policyArn,
    });
    expect(() => permissionsOf(...role("narrow"), attachment)).to.throw(
      `RolePolicyAttachment "basic": policyArn is ${policyArn}, which is not declared`,
    );
  });
});

describe("a role's trust policy", () => {
  const source = (account: string) => ({ Condition: { StringEquals: { "aws:SourceAccount": account } } });

  it("lets its services take the role", () => {
    expect(trusts({})).to.equal(true);
    expect(trusts({ Principal: { Service: "lambda.amazonaws.com" } })).to.equal(false);
    expect(trusts({ Action: "sts:TagSession" })).to.equal(false);
  });

  it("holds by the account and the resource that the service works for", () => {
    expect(trusts(source("123456789012"))).to.equal(true);
    expect(trusts(source("210987654321"))).to.equal(false);
    expect(trusts({ Condition: { ArnEquals: { "aws:SourceArn": caller.arn } } })).to.equal(true);
    expect(trusts({ Condition: { ArnEquals: { "aws:SourceArn": `${caller.arn}s` } } })).to.equal(false);
    expect(trusts({ Condition: { StringEquals: { "sts:ExternalId": "123456789012" } } }, "firehose")).to.equal(true);
  });

  it("that asks for a source keeps Lambda out, which names none", () => {
    expect(trusts(source("123456789012"), "lambda")).to.equal(false);
    expect(trusts({}, "lambda")).to.equal(true);
  });
});

describe("a bucket's policy", () => {
  const bucketPolicy = (statement: object) =>
    resource("aws:s3/bucketPolicy:BucketPolicy", "p", {
      bucket,
      policy: JSON.stringify({ Version: "2012-10-17", Statement: [statement] }),
    });
  const object = { bucket, key: "output/a" };
  const everyObject = { Action: "s3:*", Resource: `arn:aws:s3:::${bucket}/*` };

  it("denies what a role allows", () => {
    const deny = { ...everyObject, Effect: "Deny", Principal: "*" };
    const { permissions } = permissionsOf(bucketResource(), ...role("narrow"), bucketPolicy(deny));
    expect(permissions.refusal(calls.streamWritesObject, caller, object)?.message).to.match(
      /s3:PutObject on resource: arn:aws:s3:::lake\/output\/a with an explicit deny in a resource-based policy$/,
    );
  });

  it("that denies what comes without TLS denies nothing between services", () => {
    const withoutTls = { Condition: { Bool: { "aws:SecureTransport": "false" } } };
    const deny = { ...everyObject, ...withoutTls, Effect: "Deny", Principal: { AWS: "*" } };
    const { permissions } = permissionsOf(bucketResource(), ...role("narrow"), bucketPolicy(deny));
    expect(permissions.refusal(calls.streamWritesObject, caller, object)).to.equal(undefined);
  });

  it("allows a role what its own policies say nothing about", () => {
    const grant = { ...everyObject, Effect: "Allow", Principal: { AWS: roleArn("narrow") } };
    const { permissions } = permissionsOf(bucketResource(), ...role("narrow", { policy: [] }), bucketPolicy(grant));
    expect(permissions.refusal(calls.streamWritesObject, caller, object)).to.equal(undefined);
    expect(permissions.refusal(calls.streamFindsBucket, caller, object)?.action).to.equal("s3:GetBucketLocation");
  });
});

describe("a refusal", () => {
  it("names role, action and resource, and says once who needs it", () => {
    const { permissions, told } = permissionsOf(...role("narrow", { policy: [] }));
    const put = () => permissions.refusal(calls.rulePutsRecord, caller, { stream: "output" });
    expect([put(), put()]).not.to.include(undefined);
    const sentences = told.filter(({ allowed }) => !allowed).map(sentenceOf);
    expect(sentences).to.deep.equal([
      `role narrow may not firehose:PutRecord on ${streamArn("output")} (needed by the topic rule all, to put its records)`,
    ]);
  });

  it("has AWS's words", () => {
    const { permissions } = permissionsOf(...role("narrow", { policy: [] }));
    expect(permissions.refusal(calls.rulePutsRecord, caller, { stream: "output" })?.message).to.equal(
      `User: arn:aws:sts::123456789012:assumed-role/narrow/all is not authorized to perform: firehose:PutRecord on resource: ${streamArn("output")} because no identity-based policy allows the firehose:PutRecord action`,
    );
  });

  it("meets a role that is not declared", () => {
    const { permissions } = permissionsOf();
    const refused = permissions.refusal(calls.rulePutsRecord, caller, { stream: "output" });
    expect(refused && sentenceOf(refused)).to.equal(
      `iot.amazonaws.com may not sts:AssumeRole on ${roleArn("narrow")} (needed by the topic rule all)`,
    );
  });

  it("does not come of an action that nothing here can need; that is only told", () => {
    const { permissions, told } = permissionsOf(
      ...role("narrow", { policy: [allow(["s3:PutObject"], "arn:aws:s3:::lake/output/*")] }),
    );
    expect(permissions.refusal(calls.streamWritesObject, caller, { bucket, key: "output/a" })).to.equal(undefined);
    expect(told.filter(({ allowed }) => !allowed).map(({ action }) => action)).to.deep.equal([
      "s3:GetObject",
      "s3:AbortMultipartUpload",
    ]);
  });
});

describe("the table of calls", () => {
  it("has a source for each, and asks for nothing twice", () => {
    for (const { actions, source } of Object.values(calls)) {
      expect(source).to.match(/guide|reference/);
      expect(actions).to.have.length(new Set(actions).size);
    }
  });

  it("has no reasons for what it does not ask for", () => {
    for (const [name, { actions, unneeded }] of Object.entries<Call<never>>(calls)) {
      if (!unneeded) continue;
      expect(
        actions.filter((action) => action in unneeded),
        name,
      ).not.to.deep.equal([]);
    }
  });
});

describe("a pattern", () => {
  const plain = fc.string().filter((text) => !/[*?]/.test(text));

  it("without wildcards fits itself alone", () => {
    fc.assert(fc.property(plain, plain, (one, other) => fits(one, other) === (one === other)));
  });

  it("of a star fits whatever stands in its place", () => {
    fc.assert(
      fc.property(plain, plain, fc.string(), (left, right, any) => fits(`${left}*${right}`, left + any + right)),
    );
  });

  it("of an ARN holds field by field", () => {
    expect(fitsArn("arn:aws:s3:::lake/*", "arn:aws:s3:::lake/a/b:c")).to.equal(true);
    expect(fitsArn("arn:aws:lambda:*:function:f", "arn:aws:lambda:us-east-1:123456789012:function:f")).to.equal(false);
    expect(fitsArn("arn:aws:lambda:*:*:function:f:*", "arn:aws:lambda:us-east-1:1:function:f:1")).to.equal(true);
    expect(fitsArn("arn:aws:lambda", "arn:aws:lambda:us-east-1:1:function:f")).to.equal(true);
  });
});
