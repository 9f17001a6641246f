using System.Globalization;
using System.Text;
using Fovea.Backends.OneDnn;

using Fovea.Formats;
using Fovea.Execution;

namespace Fovea.Darknet.Tests;

public class StockTests
{
    [Fact(Explicit = true)]
    public void Stock()
    {
        var report = new StringBuilder();
        foreach (var path in Directory.GetFiles("/tmp/h-dk/a/cfg", "*.cfg").Concat(Directory.GetFiles("/tmp/h-dk/p/cfg", "*.cfg")).Order())
        {
            try
            {
                var network = DarknetNetwork.Read(path);
                report.Append(CultureInfo.InvariantCulture, $"{path}: {network.Layers.Count} layers, {network.Input} -> {network.Outputs}, {LayerTable.Total(network).ReplaceLineEndings(" ")}, params {network.Tensors.Where(t => t.IsTrained).Sum(t => t.Shape.Elements)}, last {network.Last.Kind}, notes {network.Notes.Count} {string.Join("; ", network.Notes.Take(4))}\n");
                if (Environment.GetEnvironmentVariable("RUN") is null) continue;
                using var session = new OneDnnBackend().Open();
                using var plan = session.Compile(DarknetGraph.Build(network, 1));
                var input = plan.Floats("input");
                for (var i = 0; i < input.Length; i++) input[i] = (i % 97) / 97f;
                plan.Run();
                var logits = plan.Result("logits").ToArray();
                report.Append(CultureInfo.InvariantCulture, $"   ran: {logits.Length} logits, norm {Math.Sqrt(logits.Sum(x => (double)x * x)):G5}\n");
            }
            catch (Exception e) when (e is ModelFormatException)
            {
                report.Append(e.Message).Append('\n');
            }
        }

        File.WriteAllText("/tmp/h-dk/stock.txt", report.ToString());
    }
}
