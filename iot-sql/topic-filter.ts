/** Most bytes and levels of a topic: https://docs.aws.amazon.com/general/latest/gr/iot-core.html (7 slashes). */
const longestTopic = 256;
const mostLevels = 8;

/** Why a topic filter is not valid, or undefined. */
export function checkTopicFilter(filter: string): string | undefined {
  if (filter === "") return "a topic filter is not empty";
  if (Buffer.byteLength(filter) > longestTopic) return `a topic filter has at most ${longestTopic} bytes`;
  if (filter.includes("\0")) return "a topic filter has no NUL character";
  const levels = filter.split("/");
  if (levels.length > mostLevels)
    return `a topic filter has at most ${mostLevels} levels, this one has ${levels.length}`;
  for (const [index, level] of levels.entries()) {
    if (level.includes("#") && (level !== "#" || index !== levels.length - 1)) {
      return "`#` stands alone in the last level of a topic filter";
    }
    if (level.includes("+") && level !== "+") return "`+` stands alone in its level of a topic filter";
  }
  return undefined;
}

/**
 * A matcher of topics that allocates nothing. `+` takes one level, `#` at the end one or more: AWS's rules match
 * `sensor/` but not `sensor` by `sensor/#` (https://docs.aws.amazon.com/iot/latest/developerguide/topics.html).
 * A topic that begins with `$` needs a filter that does (MQTT 3.1.1, 4.7.2).
 */
export function compileTopicFilter(filter: string): (topic: string) => boolean {
  const levels = filter.split("/");
  const open = levels.at(-1) === "#";
  if (open) levels.pop();
  const wildcardFirst = levels.length === 0 || levels[0] === "+";
  if (!open && !levels.includes("+")) return (topic) => topic === filter;
  return (topic) => {
    if (wildcardFirst && topic.startsWith("$")) return false;
    let at = 0;
    for (const level of levels) {
      if (at > topic.length) return false;
      if (level === "+") {
        const slash = topic.indexOf("/", at);
        at = slash === -1 ? topic.length : slash;
      } else {
        if (!topic.startsWith(level, at)) return false;
        at += level.length;
        if (at < topic.length && topic[at] !== "/") return false;
      }
      at++;
    }
    return open ? at <= topic.length : at === topic.length + 1;
  };
}

/** Whether a rule's topic filter takes a topic. */
export function topicMatchesFilter(filter: string, topic: string): boolean {
  return compileTopicFilter(filter)(topic);
}

/** Whether some topic matches both filters. */
export function filtersOverlap(a: string, b: string): boolean {
  if (a.startsWith("$") !== b.startsWith("$") && ["+", "#"].includes((a.startsWith("$") ? b : a)[0] ?? ""))
    return false;
  const left = a.split("/");
  const right = b.split("/");
  for (let level = 0; ; level++) {
    const one = left[level];
    const other = right[level];
    if (one === undefined || other === undefined) return one === other;
    if (one === "#" || other === "#") return true;
    if (one !== other && one !== "+" && other !== "+") return false;
  }
}
