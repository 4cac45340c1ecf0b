/** How sure a price is. */
export type Confidence = keyof typeof confidences;

export const confidences = {
  A: "the golden files of infracost's price tests, provider block us-east-1, repository of 2026-08-21",
  B: "the text of an AWS page",
  C: "several independent public repositories that agree; AWS's own price page could not be read",
} as const;

export interface Price {
  service: string;
  /** What is bought. */
  what: string;
  /** What the price is for one of: a quantity is a number of these. */
  unit: string;
  /** US dollars for one unit. */
  dollars: number;
  /** Where the price, and how the quantity is counted, was read. */
  source: string;
  confidence: Confidence;
}

export type PriceName = keyof typeof prices;

/** The region of every price. */
export const priceRegion = "us-east-1";

const iotPricing = "aws.amazon.com/iot-core/pricing";
const iotMetering = `${iotPricing}/additional-details: metered per 5 KB of payload and topic`;
const firehoseLimits =
  "Amazon Data Firehose developer guide, limits: a record counts as a multiple of 5 KB (5,120 bytes)";
const firstTier = "the first tier; later ones are lower";

/** Prices of AWS in us-east-1 without free tiers, US dollars. The only place where a price stands. */
export const prices = {
  iotConnection: {
    service: "AWS IoT Core",
    what: "connection",
    unit: "million minutes",
    dollars: 0.08,
    source: iotPricing,
    confidence: "C",
  },
  iotMessage: {
    service: "AWS IoT Core",
    what: "messages",
    unit: "million of 5 KB",
    dollars: 1,
    source: `${iotMetering}; first billion a month`,
    confidence: "C",
  },
  iotBasicIngest: {
    service: "AWS IoT Core",
    what: "messages by Basic Ingest",
    unit: "million of 5 KB",
    dollars: 0,
    source: "AWS IoT developer guide, Basic Ingest: without incurring messaging costs",
    confidence: "B",
  },
  iotRule: {
    service: "AWS IoT Core",
    what: "rules triggered",
    unit: "million of 5 KB",
    dollars: 0.15,
    source: `${iotPricing}: per 5 KB of the message that the rule takes`,
    confidence: "C",
  },
  iotAction: {
    service: "AWS IoT Core",
    what: "rule actions",
    unit: "million of 5 KB",
    dollars: 0.15,
    source: `${iotPricing}: per 5 KB of what the action hands on`,
    confidence: "C",
  },
  firehoseIngest: {
    service: "Amazon Data Firehose",
    what: "ingestion (Direct PUT)",
    unit: "GB in records of 5 KB",
    dollars: 0.029,
    source: `aws.amazon.com/firehose/pricing, first 500 TB a month; ${firehoseLimits}`,
    confidence: "C",
  },
  firehoseConversion: {
    service: "Amazon Data Firehose",
    what: "format conversion",
    unit: "GB in records of 5 KB",
    dollars: 0.018,
    source: "aws.amazon.com/firehose/pricing: of the volume that is ingested, rounded as that is",
    confidence: "C",
  },
  firehosePartitions: {
    service: "Amazon Data Firehose",
    what: "dynamic partitioning",
    unit: "GB delivered",
    dollars: 0.02,
    source: "aws.amazon.com/firehose/pricing",
    confidence: "C",
  },
  lambdaRequest: {
    service: "AWS Lambda",
    what: "invocations",
    unit: "million",
    dollars: 0.2,
    source: "infracost, aws_lambda_function",
    confidence: "A",
  },
  lambdaX86: {
    service: "AWS Lambda",
    what: "duration, x86_64",
    unit: "GB-second",
    dollars: 0.0000166667,
    source: `infracost, aws_lambda_function; ${firstTier}`,
    confidence: "A",
  },
  lambdaArm: {
    service: "AWS Lambda",
    what: "duration, arm64",
    unit: "GB-second",
    dollars: 0.0000133334,
    source: `infracost, aws_lambda_function; ${firstTier}`,
    confidence: "A",
  },
  s3Put: {
    service: "Amazon S3",
    what: "objects written",
    unit: "thousand",
    dollars: 0.005,
    source: "infracost, aws_s3_bucket",
    confidence: "A",
  },
  s3Storage: {
    service: "Amazon S3",
    what: "storage, Standard",
    unit: "GB-month",
    dollars: 0.023,
    source: `infracost, aws_s3_bucket; ${firstTier}`,
    confidence: "A",
  },
  athenaScan: {
    service: "Amazon Athena",
    what: "queries",
    unit: "TB scanned",
    dollars: 5,
    source: "aws.amazon.com/athena/pricing; at least 10 MB a query",
    confidence: "C",
  },
  logIngest: {
    service: "Amazon CloudWatch",
    what: "logs written",
    unit: "GB",
    dollars: 0.5,
    source: "infracost, aws_cloudwatch_log_group",
    confidence: "A",
  },
  logStorage: {
    service: "Amazon CloudWatch",
    what: "logs kept",
    unit: "GB-month",
    dollars: 0.03,
    source: "infracost, aws_cloudwatch_log_group",
    confidence: "A",
  },
  alarm: {
    service: "Amazon CloudWatch",
    what: "alarms",
    unit: "alarm-month",
    dollars: 0.1,
    source: "infracost, aws_cloudwatch_metric_alarm",
    confidence: "A",
  },
  customMetric: {
    service: "Amazon CloudWatch",
    what: "metrics of the watch over predictions",
    unit: "metric-month",
    dollars: 0.3,
    source: `aws.amazon.com/cloudwatch/pricing; ${firstTier}`,
    confidence: "C",
  },
  transitions: {
    service: "AWS Step Functions",
    what: "state transitions, Standard",
    unit: "thousand",
    dollars: 0.025,
    source: "infracost, aws_sfn_state_machine",
    confidence: "A",
  },
  schedulerInvocation: {
    service: "Amazon EventBridge Scheduler",
    what: "invocations",
    unit: "million",
    dollars: 1,
    source: "aws.amazon.com/eventbridge/pricing",
    confidence: "C",
  },
  processingHour: {
    service: "Amazon SageMaker",
    what: "Processing, as hours of ml.m5.large",
    unit: "hour",
    dollars: 0.115,
    source: "aws.amazon.com/sagemaker/pricing; larger instances of the family are multiples of it",
    confidence: "C",
  },
  imageStorage: {
    service: "Amazon ECR",
    what: "images kept",
    unit: "GB-month",
    dollars: 0.1,
    source: "infracost, aws_ecr_repository",
    confidence: "A",
  },
  notification: {
    service: "Amazon SNS",
    what: "e-mails",
    unit: "hundred thousand",
    dollars: 2,
    source: "infracost, aws_sns_topic_subscription",
    confidence: "A",
  },
  quickSightAuthor: {
    service: "Amazon QuickSight",
    what: "authors",
    unit: "person-month",
    dollars: 24,
    source: "aws.amazon.com/quicksight/pricing, Enterprise edition; less with an annual commitment",
    confidence: "C",
  },
  quickSightReader: {
    service: "Amazon QuickSight",
    what: "readers",
    unit: "person-month",
    dollars: 3,
    source: "aws.amazon.com/quicksight/pricing, Enterprise edition, since 2025-05-01 for every account",
    confidence: "B",
  },
  spice: {
    service: "Amazon QuickSight",
    what: "SPICE beyond what comes with authors",
    unit: "GB-month",
    dollars: 0.38,
    source: "aws.amazon.com/quicksight/pricing; 10 GB come with each author",
    confidence: "C",
  },
  email: {
    service: "Amazon SES",
    what: "digests sent, each to one recipient",
    unit: "thousand",
    dollars: 0.1,
    source: "aws.amazon.com/ses/pricing",
    confidence: "C",
  },
} as const satisfies Record<string, Price>;
