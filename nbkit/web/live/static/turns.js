// JupyterLite's answers to a kernel do not say which question they answer: a second kernel of the page would take them
// for its own, and end. So each page is asked for one file at a time; it answers always (see shell.js). A line that a
// learner types may never come: input() waits beside the files, and knows its answer by the question that stands in it.
const latest = new Map(); // by page

broadcastOne = async (request, url) => {
  const question = { ...await request.json(), pathname: url.pathname };
  if (url.pathname.includes("/api/stdin/")) {
    const asked = question.data.header.msg_id;
    return toldBy(question, reply => isTyped(reply) && reply.parent_header.msg_id === asked, request.signal);
  }
  const page = question.browsingContextId;
  const answer = Promise.resolve(latest.get(page)).then(() => toldBy(question, reply => !isTyped(reply)));
  latest.set(page, answer);
  return answer;
};

const isTyped = reply => reply?.header?.msg_type === "input_reply";

// What the page says to a question; nothing is listened for when nobody wants it any more.
function toldBy(question, answers, signal) {
  return new Promise(resolve => {
    const stop = () => broadcast.removeEventListener("message", listen);
    const listen = ({ data }) => {
      if (data.browsingContextId !== question.browsingContextId || !("response" in data) || !answers(data.response)) return;
      stop();
      const status = data.response?.nbkitLiveFailed ? 500 : 200; // then Python has an OSError
      resolve(new Response(JSON.stringify(data.response), { status }));
    };
    signal?.addEventListener("abort", stop);
    broadcast.addEventListener("message", listen);
    broadcast.postMessage(question);
  });
}
