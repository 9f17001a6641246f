using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Fovea.Tensors;

namespace Fovea.Formats.Tests.Onnx;

/// <summary>ONNX Runtime, run by node from test/onnxruntime, where CI installs it.</summary>
internal static class OnnxRuntime
{
    private static readonly string? s_folder = Folder();

    /// <summary>Skips the test, and says why, where ONNX Runtime is not installed.</summary>
    internal static void SkipIfMissing()
    {
        if (s_folder is null) Assert.Skip("test/onnxruntime is not beside the tests");
        if (!Directory.Exists(Path.Combine(s_folder, "node_modules", "onnxruntime-node")))
            Assert.Skip("ONNX Runtime is not installed; 'npm ci --ignore-scripts' in test/onnxruntime installs it");
        if (!IsOnPath("node")) Assert.Skip("node is not installed");
    }

    /// <summary>The first output of each model.</summary>
    internal static List<float[]> Run(params (byte[] Model, IReadOnlyDictionary<string, HostTensor> Feeds)[] jobs)
    {
        using var folder = new TemporaryFolder();
        var arguments = new List<string> { Path.Combine(s_folder!, "infer.mjs") };
        for (var i = 0; i < jobs.Length; i++)
        {
            var (model, feeds) = (folder.Path($"{i}.onnx"), folder.Path($"{i}.json"));
            File.WriteAllBytes(model, jobs[i].Model);
            File.WriteAllText(feeds, Json(jobs[i].Feeds));
            arguments.AddRange([model, feeds]);
        }

        return [.. Node(arguments).Select(Output)];
    }

    private static float[] Output(string line)
    {
        using var result = JsonDocument.Parse(line);
        if (result.RootElement.TryGetProperty("error", out var error)) Assert.Fail(error.GetString());
        return [.. result.RootElement.GetProperty("outputs").EnumerateObject().First().Value.GetProperty("data").EnumerateArray().Select(x => x.GetSingle())];
    }

    private static string[] Node(List<string> arguments)
    {
        var start = new ProcessStartInfo("node", arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var lines = process.StandardOutput.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"node ended with {process.ExitCode}: {errors.Result}");
        return lines;
    }

    private static string Json(IReadOnlyDictionary<string, HostTensor> feeds)
    {
        var json = new StringBuilder("{");
        foreach (var (name, tensor) in feeds)
        {
            json.Append(json.Length > 1 ? "," : "").Append('"').Append(name).Append("\":{\"shape\":[").AppendJoin(',', tensor.Shape.ToArray()).Append("],\"data\":[");
            for (var i = 0; i < tensor.Floats.Length; i++) json.Append(i > 0 ? "," : "").Append(tensor.Floats[i].ToString("R", CultureInfo.InvariantCulture));
            json.Append("]}");
        }

        return json.Append('}').ToString();
    }

    private static bool IsOnPath(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, program)));

    private static string? Folder()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "test", "onnxruntime", "infer.mjs"))) return Path.Combine(folder.FullName, "test", "onnxruntime");
        return null;
    }
}
