// A classifier as a service sees it: images per second and threads for 1, 8 and 32 callers, by turns with two instances made by hand that
// share the cores and the callers.
//
//   dotnet run --project bench/Fovea.Bench.Service -c Release -- [MODEL [IMAGE_SIZE [SECONDS [ROUNDS]]]]
using System.Diagnostics;
using System.Globalization;
using Fovea;
using Fovea.Backends.OneDnn;
using Fovea.Formats.Artefact;
using Fovea.Graphs;
using Fovea.Images;
using Fovea.Models;
using Fovea.Models.Building;
using Fovea.Passes;

var (name, size) = (args.ElementAtOrDefault(0) ?? "resnet18", Number(1, 32));
var (seconds, rounds) = (Number(2, 2), Number(3, 3));
var machine = OneDnnDiagnostics.Read();
var model = Model();
var pixels = new byte[size * size * 3];
for (var i = 0; i < pixels.Length; i++) pixels[i] = (byte)(i * 37);
Console.WriteLine(
    $"{name} at {size} px, fp32, random weights; {machine.CpuModel}, {machine.Threads} threads, oneDNN {machine.Version} ({machine.EffectiveIsa})");
var half = new ClassifierOptions { Sessions = 1, ThreadsPerSession = Math.Max(1, machine.Threads!.Value / 2) };
foreach (var callers in new[] { 1, 8, 32 })
{
    List<(double Rate, int Threads)> one = [], two = [];
    for (var round = 0; round < rounds; round++)
    {
        one.Add(Measure(callers, new ClassifierOptions()));
        two.Add(Measure(callers, half, half));
    }

    Console.WriteLine($"{callers,2} callers: {Text(one)} by one classifier; {Text(two)} by two of one session each");
}

int Number(int place, int otherwise) => args.Length > place ? int.Parse(args[place], CultureInfo.InvariantCulture) : otherwise;

string Text(List<(double Rate, int Threads)> rounds) => string.Create(
    CultureInfo.InvariantCulture,
    $"{rounds.Select(round => round.Rate).Order().ElementAt(rounds.Count / 2):F0} images/s "
    + $"({string.Join(", ", rounds.Select(round => round.Rate.ToString("F0", CultureInfo.InvariantCulture)))}), {rounds.Max(round => round.Threads)} threads");

FoveaModel Model()
{
    var graph = ModelCatalog.Build(name, new ModelOptions { ImageSize = size }, batch: 1);
    var weights = graph.Variables.Select(value => value.Variable!).Where(variable => variable.Kind != VariableKind.Input)
        .ToDictionary(variable => variable.Label, variable => variable.Initial.Make(variable.Type.Shape, variable.Label, 1));
    var form = Deploy.Fold(graph, weights);
    var classes = Enumerable.Range(0, graph.Output(FoveaModel.OutputName).Shape[1]).Select(c => $"class {c}").ToArray();
    return new()
    {
        Card = new ModelCard { Model = name, Classes = classes, Input = new Preprocessing { Height = size, Width = size, CropFraction = 1 } },
        Graph = form.Graph,
        Weights = form.Weights,
    };
}

// Images per second of callers that ask again as soon as they are answered, and the threads of the process at the end, theirs not counted.
(double Rate, int Threads) Measure(int callers, params ClassifierOptions[] options)
{
    var before = ThreadCount();
    Classifier[] classifiers = [.. options.Select(option => Classifier.Of(model, option))];
    var (done, threads, clock) = (0L, 0, new Stopwatch());
    using var begin = new Barrier(callers, _ => clock.Restart());
    using var end = new Barrier(callers, _ => (clock, threads) = (Stopped(clock), ThreadCount() - callers - before));
    var all = Enumerable.Range(0, callers).Select(caller => new Thread(() =>
    {
        var classifier = classifiers[caller % classifiers.Length];
        for (var i = 0; i < 50; i++) classifier.Predict(pixels, size, size);
        begin.SignalAndWait();
        var count = 0;
        for (; clock.Elapsed.TotalSeconds < seconds; count++) classifier.Predict(pixels, size, size);
        Interlocked.Add(ref done, count);
        end.SignalAndWait();
    })).ToArray();
    foreach (var thread in all) thread.Start();
    foreach (var thread in all) thread.Join();
    foreach (var classifier in classifiers) classifier.Dispose();
    return (done / clock.Elapsed.TotalSeconds, threads);
}

static Stopwatch Stopped(Stopwatch clock)
{
    clock.Stop();
    return clock;
}

static int ThreadCount() => Directory.GetDirectories("/proc/self/task").Length;
