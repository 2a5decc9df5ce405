import { expect, it } from "vitest";
import { urlProblem } from "#components/requests/url-problem.ts";

it.each([
  ["", "missing"],
  ["   ", "missing"],
  ["mcp.example.com/mcp", "scheme"],
  ["localhost:3000", "scheme"],
  ["ftp://mcp.example.com", "otherScheme"],
  ["https://", "host"],
  ["https://mcp,example.com/mcp", "host"],
  ["https://mcp..example.com/mcp", "host"],
  ["https://mcp example.com", "host"],
  ["https://name:word@mcp.example.com", "userInfo"],
  ["https://mcp.example.com/mcp", null],
  ["  https://mcp.example.com/mcp ", null],
  ["http://127.0.0.1:8080/mcp", null],
  ["https://[::1]/mcp", null],
  ["https://bücher.example/mcp", null],
])("of %j as typed it says %s", (typed, problem) => {
  expect(urlProblem(typed)).toBe(problem);
});
