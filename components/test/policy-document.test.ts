import { expect } from "chai";
import { stableJson } from "../naming/stable-json.ts";
import { PolicyError, policyDocument, tlsOnlyPolicy, trustPolicy } from "../policy/policy-document.ts";

const arn = "arn:aws:firehose:us-east-1:123456789012:deliverystream/readings";

describe("JSON that is kept in a stack", () => {
  it("is the same however the object was put together", () => {
    expect(stableJson({ b: [{ d: 1, c: 2 }], a: null })).to.equal('{"a":null,"b":[{"c":2,"d":1}]}');
    expect(stableJson({ b: 1, a: 2 })).to.equal(stableJson({ a: 2, b: 1, c: undefined }));
  });
});

describe("A policy", () => {
  it("allows the actions on the resources, both sorted", () => {
    const document = policyDocument([{ sid: "Put", actions: ["s3:PutObject", "s3:GetObject"], resources: ["b", "a"] }]);
    expect(JSON.parse(document)).to.deep.equal({
      Version: "2012-10-17",
      Statement: [{ Sid: "Put", Effect: "Allow", Action: ["s3:GetObject", "s3:PutObject"], Resource: ["a", "b"] }],
    });
  });

  it("allows actions on every resource where it is said why no resource can be named", () => {
    const document = policyDocument([
      { sid: "Enter", actions: ["ecr:GetAuthorizationToken"], resources: { every: "the registry's" } },
    ]);
    expect(JSON.parse(document)).to.have.nested.property("Statement[0].Resource", "*");
    expect(document).to.not.contain("the registry's");
  });

  it("is refused when an action or a resource stands for all", () => {
    const put = { sid: "Put", actions: ["firehose:PutRecord"], resources: [arn] };
    expect(() => policyDocument([{ ...put, actions: ["firehose:*"] }])).to.throw(PolicyError, /allows "firehose:\*"/);
    expect(() => policyDocument([{ ...put, actions: ["*"] }])).to.throw(PolicyError, /name the actions/);
    expect(() => policyDocument([{ ...put, resources: [arn, "*"] }])).to.throw(PolicyError, /name the resources/);
    expect(() => policyDocument([{ ...put, resources: [] }])).to.throw(PolicyError, /no resources/);
  });

  it("lets a service take a role for our account only, and Lambda without a condition", () => {
    expect(JSON.parse(trustPolicy("iot", "123456789012"))).to.deep.equal({
      Version: "2012-10-17",
      Statement: [
        {
          Effect: "Allow",
          Action: "sts:AssumeRole",
          Principal: { Service: "iot.amazonaws.com" },
          Condition: { StringEquals: { "aws:SourceAccount": "123456789012" } },
        },
      ],
    });
    expect(trustPolicy("lambda", "123456789012")).to.not.contain("Condition");
  });

  it("of the bucket denies what comes without TLS, for the bucket and its objects", () => {
    expect(JSON.parse(tlsOnlyPolicy("arn:aws:s3:::b")))
      .to.have.nested.property("Statement[0]")
      .that.deep.equals({
        Sid: "DenyWithoutTls",
        Effect: "Deny",
        Principal: "*",
        Action: "s3:*",
        Resource: ["arn:aws:s3:::b", "arn:aws:s3:::b/*"],
        Condition: { Bool: { "aws:SecureTransport": "false" } },
      });
  });
});
