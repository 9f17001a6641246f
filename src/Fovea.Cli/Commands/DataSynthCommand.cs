using System.CommandLine;
using System.Globalization;
using Fovea.Cli.Usage;
using Fovea.Data.Synth;
using Fovea.Naming;

namespace Fovea.Cli.Commands;

/// <summary><c>fovea data synth</c>: draws a data set to try things with.</summary>
internal static class DataSynthCommand
{
    private static readonly SynthOptions s_default = new();

    private static readonly Argument<string> s_folder = new("DIR") { Description = "The folder to write: new, empty, or drawn before" };
    private static readonly Option<int> s_classes =
        new("--classes") { Description = "Classes", HelpName = "N", DefaultValueFactory = _ => s_default.Classes };
    private static readonly Option<int> s_images =
        new("--images") { Description = "Pictures in all", HelpName = "N", DefaultValueFactory = _ => s_default.Images };
    private static readonly Option<ulong> s_seed =
        new("--seed") { Description = "All that varies follows from it", HelpName = "N", DefaultValueFactory = _ => s_default.Seed };

    internal static Command Create() => new Command("synth", "Draw a data set of sign-like pictures in class folders")
        .With(s_folder, s_classes, s_images, s_seed).Runs(Run);

    private static int Run(Invocation call)
    {
        var folder = call.Value(s_folder)!;
        var options = new SynthOptions { Classes = call.Value(s_classes), Images = call.Value(s_images), Seed = call.Value(s_seed) };
        Check(options);
        var summary = SynthDataset.Write(folder, options, stop: call.Stop);
        var (train, val) = (summary.Classes.Sum(one => one.Train), summary.Classes.Sum(one => one.Val));
        var (trainFolder, valFolder) = (Printable.Of(Path.Combine(folder, "train")), Printable.Of(Path.Combine(folder, "val")));
        call.Report.Line(string.Create(CultureInfo.InvariantCulture, $"""
            {Amount.Of(summary.Images, "picture")} in {Amount.Of(summary.Classes.Count, "class")}: {train} in {trainFolder}, {val} in {valFolder}
            {summary.Bytes / 1048576.0:F1} MiB; {summary.PngImages} PNG, the others JPEG; half of them under {summary.MedianSide} px
            """));
        call.Report.Object(json =>
        {
            json.WriteString("folder", folder);
            json.WriteNumber("images", summary.Images);
            json.WriteNumber("png_images", summary.PngImages);
            json.WriteNumber("bytes", summary.Bytes);
            json.WriteNumber("median_side", summary.MedianSide);
            json.WriteStartArray("classes");
            foreach (var one in summary.Classes)
            {
                json.WriteStartObject();
                json.WriteString("name", one.Name);
                json.WriteNumber("train", one.Train);
                json.WriteNumber("val", one.Val);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        });
        return ExitCodes.Ok;
    }

    private static void Check(SynthOptions options)
    {
        try
        {
            options.Validate();
        }
        catch (ArgumentException e)
        {
            throw new UsageException(e.Message, e);
        }
    }
}
