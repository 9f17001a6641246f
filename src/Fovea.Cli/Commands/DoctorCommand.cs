using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Fovea.Backends.OneDnn;
using Fovea.Cli.Usage;
using Fovea.Data.Decoding;
using Fovea.Execution;
using Fovea.Naming;
using Fovea.Runs;

namespace Fovea.Cli.Commands;

/// <summary><c>fovea doctor</c>: what this machine has, and what installs the rest.</summary>
internal static class DoctorCommand
{
    internal static Command Create() => new Command("doctor", "Show processor, native libraries, limits, and what is missing").Runs(Run);

    private static int Run(Invocation call)
    {
        var (machine, codecs) = (OneDnnDiagnostics.Read(), CodecDiagnostics.Read());
        var memory = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
        List<string> problems = [.. codecs.Select(codec => codec.Problem).Prepend(machine.LibraryProblem).OfType<string>()];
        var speedup = Speedup(machine, problems);
        var report = call.Report;
        report.Line($"fovea      {ToolVersion.Text}");
        report.Line($"processor  {machine.CpuModel}: {string.Join(' ', machine.InstructionSets)}");
        report.Line(
            $"limits     {Amount.Of(Environment.ProcessorCount, "processor")}, "
            + $"{(memory / 1048576.0).ToString("F0", CultureInfo.InvariantCulture)} MiB of memory "
            + "(cgroup limits included)");
        report.Line(machine.Version is { } version
            ? $"oneDNN     {version} for {machine.EffectiveIsa} (bf16 is {MachinePrecision.Describe(machine.BFloat16!.Value)}{Speed(speedup)}) "
                + $"on {Amount.Of(machine.Threads ?? 0, "thread")}: {machine.LibraryPath}"
            : "oneDNN     missing");
        foreach (var codec in codecs) report.Line($"{codec.Name,-10} {codec.Path ?? "missing"}");
        foreach (var problem in problems) report.Error(problem);
        report.Object(json => Write(json, machine, speedup, codecs, memory, problems));
        return problems.Count == 0 ? ExitCodes.Ok : ExitCodes.Failure;
    }

    /// <summary>How fast bf16 is where it is native; null elsewhere, and where it cannot be measured, which is a problem.</summary>
    private static double? Speedup(OneDnnDiagnostics machine, List<string> problems)
    {
        if (machine.BFloat16 != BFloat16Support.Native) return null;
        try
        {
            return OneDnnBackend.BFloat16Speedup;
        }
        catch (NativeException e)
        {
            problems.Add(e.Message);
            return null;
        }
    }

    /// <summary>The same in words.</summary>
    private static string Speed(double? speedup) => speedup is { } times ? FormattableString.Invariant($", convolves {times:0.0} times as fast as fp32") : "";

    private static void Write(
        Utf8JsonWriter json, OneDnnDiagnostics machine, double? speedup, IReadOnlyList<CodecDiagnostics> codecs, long memory, List<string> problems)
    {
        json.WriteString("version", ToolVersion.Text);
        json.WriteString("cpu", machine.CpuModel);
        Strings(json, "instruction_sets", machine.InstructionSets);
        json.WriteString("bf16", machine.BFloat16 is { } support ? ModelFlags.Name(support) : null);
        if (speedup is { } times) json.WriteNumber("bf16_speedup", times);
        json.WriteNumber("processors", Environment.ProcessorCount);
        json.WriteNumber("memory_limit_mb", memory / 1048576.0);
        json.WriteString("dnnl_version", machine.Version?.ToString());
        json.WriteString("dnnl_path", machine.LibraryPath);
        json.WriteString("dnnl_isa", machine.EffectiveIsa);
        json.WriteNumber("threads", machine.Threads ?? 0);
        json.WriteStartObject("codecs");
        foreach (var codec in codecs) json.WriteString(codec.Name, codec.Path);
        json.WriteEndObject();
        Strings(json, "problems", problems);
    }

    private static void Strings(Utf8JsonWriter json, string name, IEnumerable<string> values)
    {
        json.WriteStartArray(name);
        foreach (var value in values) json.WriteStringValue(value);
        json.WriteEndArray();
    }
}
