import { expect } from "chai";
import {
  NameError,
  bucketName,
  checkedName,
  databaseName,
  keyedName,
  lowerCaseKey,
  namedTypes,
  partName,
  processingJobPrefix,
} from "../naming/names.ts";

const role = "aws:iam/role:Role";
const thing = "aws:iot/thing:Thing";

describe("A physical name", () => {
  it("carries the environment", () => {
    expect(partName(role, "dev", "readings-delivery")).to.equal("metercast-dev-readings-delivery");
    expect(keyedName(thing, "dev", "Philadelphia-6", "steam")).to.equal("metercast_dev_Philadelphia-6_steam");
    expect(bucketName("dev", "123456789012", "eu-west-1")).to.equal("metercast-dev-123456789012-eu-west-1");
    expect(databaseName("pre-prod")).to.equal("metercast_pre_prod");
  });

  it("is taken up to the longest that the service has and refused from there", () => {
    expect(partName(role, "e".repeat(64 - "metercast--x".length), "x")).to.have.length(64);
    expect(() => partName(role, "e".repeat(65 - "metercast--x".length), "x")).to.throw(
      NameError,
      /has 65 characters, a aws:iam\/role:Role may have 64: shorten the name of the environment or the city by 1/,
    );
    expect(() => bucketName("e".repeat(31), "123456789012", "us-east-1")).to.throw(NameError, /may have 63/);
    expect(() => keyedName(thing, "dev", "c".repeat(120), "steam")).to.throw(NameError, /may have 128/);
  });

  it("is refused for a character that the service refuses, with those that it takes", () => {
    expect(() => checkedName("aws:iot/topicRule:TopicRule", "metercast-dev-steam")).to.throw(
      NameError,
      /"metercast-dev-steam" is no name for a aws:iot\/topicRule:TopicRule: allowed are letters, digits and _/,
    );
    expect(() => checkedName("aws:s3/bucket:Bucket", "Metercast")).to.throw(NameError, /lower-case letters/);
    expect(() => checkedName("aws:glue/catalogTable:CatalogTable", "left-out")).to.throw(NameError);
  });

  it("is refused for a type that nobody has decided about", () => {
    expect(() => checkedName("aws:ec2/vpc:Vpc", "network")).to.throw(
      NameError,
      /nobody has decided how aws:ec2\/vpc:Vpc may be named/,
    );
  });

  it("is not empty, whatever the type", () => {
    for (const type of namedTypes) {
      expect(() => checkedName(type, ""), type).to.throw(NameError);
    }
  });

  it("differs between environments that differ in case only, where only lower case may stand", () => {
    expect(lowerCaseKey("dev")).to.equal("dev");
    expect(lowerCaseKey("Dev")).to.match(/^dev-[0-9a-f]{6}$/);
    expect(lowerCaseKey("DEV")).to.not.equal(lowerCaseKey("Dev"));
    expect(bucketName("Dev", "123456789012", "us-east-1")).to.not.equal(bucketName("dev", "123456789012", "us-east-1"));
    expect(databaseName("Dev")).to.not.equal(databaseName("dev"));
  });

  it("of a Processing job keeps to SageMaker's 63 characters, and differs between environments of long names", () => {
    const rest = "-0123456789abcdef0123456789abcdef-1";
    expect(processingJobPrefix("dev")).to.equal("metercast-dev");
    const [one, other] = ["a", "b"].map((end) => processingJobPrefix(`environment-of-the-north-${end}`));
    expect(one).to.not.equal(other);
    for (const prefix of [one, other]) expect(`${prefix}${rest}`).to.match(/^[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}$/);
  });

  it("does not run together where environment and city both have hyphens", () => {
    expect(keyedName(thing, "a", "b-c", "steam")).to.not.equal(keyedName(thing, "a-b", "c", "steam"));
  });
});
