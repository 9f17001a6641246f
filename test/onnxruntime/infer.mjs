// Runs models in ONNX Runtime on the CPU and prints one line of JSON for each: the outputs, or why there are none.
// usage: node infer.mjs MODEL.onnx FEEDS.json [MODEL.onnx FEEDS.json]...
// FEEDS.json: {"name of an input": {"shape": [1, 3, 8, 8], "data": [0.5, ...]}, ...}; all float32.
import fs from 'node:fs';
import ort from 'onnxruntime-node';

const args = process.argv.slice(2);
for (let i = 0; i + 1 < args.length; i += 2) {
  try {
    const session = await ort.InferenceSession.create(args[i], { executionProviders: ['cpu'], intraOpNumThreads: 1 });
    const feeds = {};
    for (const [name, { shape, data }] of Object.entries(JSON.parse(fs.readFileSync(args[i + 1], 'utf8'))))
      feeds[name] = new ort.Tensor('float32', Float32Array.from(data), shape);
    const results = await session.run(feeds);
    const outputs = {};
    for (const name of session.outputNames) outputs[name] = { shape: results[name].dims, data: Array.from(results[name].data, Number) };
    console.log(JSON.stringify({ model: args[i], outputs }));
    await session.release();
  } catch (error) {
    console.log(JSON.stringify({ model: args[i], error: String(error.message ?? error) }));
  }
}
