import { expect } from "chai";
import fc from "fast-check";
import { Decimal } from "../value.ts";
import { value } from "./message.ts";

const results: [expression: string, result: string][] = [
  ["1 + 2 * 3", "7"],
  ["(1 + 2) * 3", "9"],
  ["10 - 2 - 3", "5"],
  ["-2 * -3", "6"],
  ["- - 5", "5"],
  ["-'2'", "-2"],
  ["-true", ""],
  ["1 + 2 = 3 AND NOT 1 > 2", "true"],
  ["NOT true OR true", "true"],
  ["NOT (true OR true)", "false"],
  ["true OR false AND false", "true"],
  ["'TRUE' AND true", "true"],
  ["false AND missing", ""],
  ["true OR missing", ""],
  ["true AND 1", ""],
  ["NOT 'no'", ""],
  ["'10' > 9", "true"],
  ["'b' > 'a'", ""],
  ["NULL > 1", ""],
  ["true > false", ""],
  ["9007199254740993 > 9007199254740992", "true"],
  ["1 = 1.0", "true"],
  ["1 = '1'", "false"],
  ["1 <> '1'", "true"],
  ["true = 'true'", "false"],
  ["NULL = NULL", "true"],
  ["NULL <> NULL", "false"],
  ["NULL = missing", ""],
  ["missing <> missing", ""],
  ["[1, 2] = [1, 2]", "true"],
  ["[1, 2] = [2, 1]", "false"],
  ["[1, 2] <> [1]", "true"],
  ["{'a': 1, 'b': [2]} = {'b': [2], 'a': 1}", "true"],
  ["{'a': 1} = {'a': 2}", "false"],
  ["{'a': 1} = [1]", "false"],
  ["12345678901234567890 = 12345678901234567890.0", "true"],
  ["12345678901234567890 = 12345678901234567891", "false"],
  ["'a' + 1", '"a1"'],
  ["1.50 + 'a'", '"1.5a"'],
  ["'a' + [1]", '"a[1]"'],
  ["'a' + NULL", ""],
  ["1 + true", ""],
  ["1 + NULL", ""],
  ["[1] + [2]", ""],
  ["'3' - 1", "2"],
  ["'3' * '4'", "12"],
  ["'a' - 1", ""],
  ["7 / 2", "3.5"],
  ["6 / 2", "3"],
  ["43 * 5 / 9", "23.88888888888888888888888888888889"],
  ["1 / 3", "0.3333333333333333333333333333333333"],
  ["1 / 0", ""],
  ["1 % 0", ""],
  ["7 % 3", "1"],
  ["-7 % 3", "-1"],
  ["7.5 % '2'", "1.5"],
  ["0.1 + 0.2", "0.3"],
  ["1.1 * 1.1", "1.21"],
  ["63.1 * 3.412", "215.2972"],
  ["9007199254740991 + 2", "9007199254740993"],
  ["99999999999999999999 * 10000000000000", "999999999999999999990000000000000"],
  ["1E20 * 1E20", "1E40"],
  ["0 * -1", "0"],
  ["CASE 1 WHEN 1.0 THEN 'a' END", '"a"'],
  ["CASE 3 WHEN 1 THEN 'a' WHEN 3 THEN 'b' WHEN 3 THEN 'c' ELSE 'd' END", '"b"'],
  ["CASE 3 WHEN 1 THEN 'a' END", ""],
  ["CASE missing WHEN missing THEN 'a' ELSE 'b' END", ""],
  ["CASE NULL WHEN NULL THEN 'a' END", '"a"'],
  ["'it''s'", '"it\'s"'],
  ['"say ""x"""', '"say \\"x\\""'],
  ["'\\n'", '"\\\\n"'],
  ["TRUE", "true"],
  ["Null", "null"],
  ["1E-7", "1E-7"],
  ["0.000001", "0.000001"],
  ["1e21", "1000000000000000000000"],
];

describe("an operator", () => {
  for (const [expression, result] of results) {
    it(`${expression} is ${result || "Undefined"}`, () => {
      expect(value(expression)).to.equal(result);
    });
  }
});

describe("arithmetic", () => {
  const decimals = fc
    .tuple(fc.integer({ min: -(10 ** 9), max: 10 ** 9 }), fc.integer({ min: 0, max: 12 }))
    .map(([digits, places]) => digits / 10 ** places);
  const numbers = fc.oneof(
    decimals,
    fc.maxSafeInteger(),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.integer({ min: -100, max: 100 }),
  );
  const operations = { "+": "plus", "-": "minus", "*": "times", "/": "div", "%": "mod" } as const;

  for (const [operator, operation] of Object.entries(operations)) {
    it(`by ${operator} is that of 34 decimal digits, however it is computed`, () => {
      fc.assert(
        fc.property(numbers, numbers, (a, b) => {
          fc.pre(b !== 0 || !"/%".includes(operator));
          const exact = new Decimal(a)[operation](b);
          fc.pre(exact.isFinite());
          expect(new Decimal(value(`a ${operator} b`, { a, b }) ?? "").toString()).to.equal(exact.plus(0).toString());
        }),
        { numRuns: 300 },
      );
    });
  }

  it("of comparing orders as decimals do", () => {
    fc.assert(
      fc.property(numbers, numbers, (a, b) => {
        expect(value("a < b", { a, b })).to.equal(String(new Decimal(a).lt(b)));
        expect(value("a >= b", { a, b })).to.equal(String(new Decimal(a).gte(b)));
        expect(value("a = b", { a, b })).to.equal(String(new Decimal(a).eq(b)));
      }),
    );
  });

  it("keeps any number of up to 34 digits that a payload brings", () => {
    const digits = fc.stringMatching(/^[1-9][0-9]{0,33}$/);
    fc.assert(
      fc.property(digits, fc.nat(34), fc.boolean(), (text, point, negative) => {
        const fraction = text.slice(point).replace(/0+$/, "");
        const plain = (text.slice(0, point) || "0") + (fraction && `.${fraction}`);
        fc.pre(plain.replace(/^0\.0*|\./, "").length <= 34);
        const number = negative ? `-${plain}` : plain;
        expect(value("v", `{"v":${number}}`)).to.equal(number);
        expect(value("v - 0", `{"v":${number}}`)).to.equal(number);
      }),
    );
  });
});
