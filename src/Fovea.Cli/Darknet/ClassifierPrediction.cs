using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using Fovea.Cli.Usage;
using Fovea.Data.Decoding;
using Fovea.Naming;

namespace Fovea.Cli.Darknet;

/// <summary><c>fovea classifier predict</c>: what is on images, in Darknet's lines.</summary>
internal static class ClassifierPrediction
{
    private static readonly Argument<string[]> s_images = new("IMAGE")
    {
        Description = "Images; without one their paths are read from standard input", Arity = ArgumentArity.ZeroOrMore,
    };

    private static readonly Option<int> s_top = new("-t")
    {
        Description = "How many classes an image; by default top of DATA, or 1", HelpName = "K",
    };

    internal static Command Create() => new Command("predict", "Tell what is on images as 'darknet classifier predict' does")
        .With(ClassifierFiles.DataFile, ClassifierFiles.CfgFile, ClassifierFiles.WeightsFile, s_images, s_top).With(ClassifierFiles.Idle)
        .Runs(Run);

    private static int Run(Invocation call)
    {
        var files = ClassifierFiles.Of(call);
        var top = call.Has(s_top) ? call.Within(s_top, 1, int.MaxValue) : files.Data.TopElsewhere;
        var model = files.Model(call);
        var names = files.Data.ReadClassNames();
        using var classifier = Classifier.Of(model.Shipped(names), new() { Sessions = 1, Batch = 1 });
        call.Report.Line($" classes = {names.Count}, output in cfg = {files.Network.Outputs} ");
        var code = ExitCodes.Ok;
        foreach (var path in call.Value(s_images) is { Length: > 0 } given ? given : Asked(call))
        {
            if (Printed(call, files, classifier, path, top)) continue;
            code = ExitCodes.Failure;
        }

        return code;
    }

    private static bool Printed(Invocation call, ClassifierFiles files, Classifier classifier, string path, int top)
    {
        try
        {
            var start = Stopwatch.GetTimestamp();
            var prediction = classifier.Predict(path);
            var milliseconds = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
            call.Report.Line($"{files.Network.Net.Width} {files.Network.Net.Height}");
            call.Report.Line(string.Create(CultureInfo.InvariantCulture, $"{Printable.Of(path)}: Predicted in {milliseconds:F6} milli-seconds."));
            foreach (var (name, probability) in prediction.Top(top))
                call.Report.Line(string.Create(CultureInfo.InvariantCulture, $"{Printable.Line(name)}: {probability:F6}"));
            return true;
        }
        catch (ImageException e)
        {
            call.Report.Error(e.Message);
            return false;
        }
    }

    /// <summary>Paths as Darknet asks for them, a line each.</summary>
    private static IEnumerable<string> Asked(Invocation call)
    {
        using var input = new StreamReader(call.Report.Terminal.In);
        while (true)
        {
            call.Report.Text("Enter Image Path: ");
            if (input.ReadLine() is not { } line) break;
            if (line.Trim() is { Length: > 0 } path) yield return path;
        }
    }
}
