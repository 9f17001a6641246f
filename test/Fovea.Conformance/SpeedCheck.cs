using System.Diagnostics;
using Fovea.Execution;
using Fovea.Tensors;

namespace Fovea.Conformance;

/// <summary>Mode «speed»: how long a case takes on a backend. A measurement, not a test.</summary>
public static class SpeedCheck
{
    /// <summary>The shortest of several runs, after one that is not counted.</summary>
    public static SpeedResult Measure(IBackend backend, OpCase @case, DType precision = DType.Float32, int runs = 5)
    {
        var form = @case.In(precision);
        var node = form.Build();
        for (var i = 0; i < node.Results.Count; i++) node.Graph.Output($"y{i}", node.Results[i]);
        using var session = backend.Open();
        using var run = session.Compile(node.Graph);
        var inputs = form.Fill();
        for (var i = 0; i < inputs.Length; i++) run.Fill($"x{i}", inputs[i]);
        run.Run();
        var best = TimeSpan.MaxValue;
        for (var i = 0; i < runs; i++)
        {
            var start = Stopwatch.GetTimestamp();
            run.Run();
            var time = Stopwatch.GetElapsedTime(start);
            if (time < best) best = time;
        }

        var cost = node.Op.Cost([.. node.Inputs.Select(x => x.Type)], [.. node.Results.Select(y => y.Type)]);
        return new(@case.Name, backend.Name, precision, best, cost.Flops / best.TotalSeconds / 1e9, cost.Bytes / best.TotalSeconds / 1e9);
    }

    /// <summary>Measures every case that is meant for it, and prints a line each.</summary>
    public static void Print(TextWriter to, IBackend backend, DType precision = DType.Float32)
    {
        foreach (var @case in OpCatalogue.ForSpeed)
            if (precision == DType.Float32 || @case.HasBFloat16) to.WriteLine(Measure(backend, @case, precision));
    }
}

/// <summary>What was measured.</summary>
/// <param name="Case">The case.</param>
/// <param name="Backend">The backend.</param>
/// <param name="Precision">f32 or bf16.</param>
/// <param name="Time">The shortest run.</param>
/// <param name="GigaflopsPerSecond">10⁹ floating-point operations per second, by the operation's cost rule.</param>
/// <param name="GigabytesPerSecond">10⁹ bytes of inputs and results per second.</param>
public sealed record SpeedResult(string Case, string Backend, DType Precision, TimeSpan Time, double GigaflopsPerSecond, double GigabytesPerSecond)
{
    /// <summary>One line of a table.</summary>
    public override string ToString() => string.Create(
        System.Globalization.CultureInfo.InvariantCulture,
        $"{Case,-40} {Backend,-16} {Precision.ShortName,-5} {Time.TotalMilliseconds,10:F3} ms "
        + $"{GigaflopsPerSecond,9:F1} GFLOP/s {GigabytesPerSecond,8:F1} GB/s");
}
