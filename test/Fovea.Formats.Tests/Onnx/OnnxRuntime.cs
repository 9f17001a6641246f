using Fovea.Tensors;
using Microsoft.ML.OnnxRuntime;

namespace Fovea.Formats.Tests.Onnx;

/// <summary>ONNX Runtime, the judge of our files: others wrote it.</summary>
internal static class OnnxRuntime
{
    /// <summary>The first output of a model; each run in a session of its own, on the thread that calls.</summary>
    internal static float[] Run(byte[] model, Dictionary<string, HostTensor> feeds)
    {
        using var options = new SessionOptions { IntraOpNumThreads = 1, InterOpNumThreads = 1, LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR };
        using var session = new InferenceSession(model, options);
        var inputs = feeds.ToDictionary(feed => feed.Key, feed => OrtValue.CreateTensorValueFromMemory(feed.Value.Floats.ToArray(), Extents(feed.Value.Shape)));
        try
        {
            using var run = new RunOptions();
            using var outputs = session.Run(run, inputs, [session.OutputNames[0]]);
            return outputs[0].GetTensorDataAsSpan<float>().ToArray();
        }
        finally
        {
            foreach (var input in inputs.Values) input.Dispose();
        }
    }

    private static long[] Extents(Shape shape) => Array.ConvertAll(shape.ToArray(), extent => (long)extent);
}
