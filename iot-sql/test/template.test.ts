import { expect } from "chai";
import { compileStatement, compileTemplate } from "../index.ts";
import { message } from "./message.ts";

const evaluate = (text: string, payload: unknown = {}): string => compileTemplate(text).evaluate(message(payload));

describe("a substitution template", () => {
  it("resolves each expression on the original payload", () => {
    expect(evaluate("readings/${topic(3)}/${building.id}.json", { building: { id: 7 } })).to.equal(
      "readings/London/7.json",
    );
    expect(evaluate("${topic()}/republish")).to.equal("metercast/dev/London/meter/steam/republish");
    expect(evaluate('${parse_time("yyyy", timestamp(), "UTC")}')).to.equal("2023");
  });

  it("leaves all other text as it is", () => {
    expect(evaluate("a/!{timestamp:yyyy}/$x/{y}/")).to.equal("a/!{timestamp:yyyy}/$x/{y}/");
    expect(evaluate("")).to.equal("");
  });

  it("knows a brace of an expression from the one that ends it", () => {
    expect(evaluate("${get({'a': '}'}, 'a')}b}")).to.equal("}b}");
  });

  it("is empty where the value does not convert to a String", () => {
    expect(evaluate("<${missing}${none}${list}${text}>", { none: null, list: [1], text: "x" })).to.equal("<[1]x>");
    expect(evaluate("<${a}>", "not JSON")).to.equal("<>");
  });

  it("may use the variables of the rule's statement", () => {
    const statement = compileStatement("SET @id = building_id, @next = @id + 1 SELECT * FROM 'a'");
    const template = compileTemplate("${@id}/${@next}", { statement });
    expect(template.evaluate(message({ building_id: 4 }))).to.equal("4/5");
  });
});
