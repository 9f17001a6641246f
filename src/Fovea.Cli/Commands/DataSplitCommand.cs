using System.CommandLine;
using Fovea.Cli.Usage;
using Fovea.Cli.Work;
using Fovea.Data.Sources;
using Fovea.Naming;

namespace Fovea.Cli.Commands;

/// <summary><c>fovea data split</c>: divides a data set into a part to train on and one to validate with.</summary>
internal static class DataSplitCommand
{
    private static readonly Argument<string> s_place = DataCommand.Place();
    private static readonly Option<double> s_fraction =
        new("--fraction") { Description = "The share held back for validation", HelpName = "F", DefaultValueFactory = _ => 0.1 };
    private static readonly Option<ulong> s_seed = new("--seed") { Description = "Which images are held back follows from it; default 0", HelpName = "N" };
    private static readonly Option<string> s_mode =
        Choice.Of("--mode", "What is written: links to the images, copies, or text files that list them", "link", "copy", "lists");
    private static readonly Option<string> s_output =
        new("--out", "-o") { Description = "The folder to write; new or empty", HelpName = "DIR", Required = true };

    internal static Command Create() => new Command("split", "Divide a data set into train and val")
        .With(s_place, s_output, s_fraction, s_seed, s_mode).With(DataFlags.All).Runs(Run);

    private static int Run(Invocation call)
    {
        if (call.Value(s_fraction) is var fraction && !(fraction is > 0 and < 1))
            throw new UsageException(FormattableString.Invariant($"--fraction is {fraction}; wanted above 0 and below 1"));
        var (folder, place) = (call.Value(s_output)!, call.Value(s_place)!);
        DataCommand.CheckApart("--out", folder, place);
        var data = DataFlags.Find(call, place);
        var (images, _, warnings) = data.OpenAll(call.Stop);
        foreach (var warning in warnings) call.Report.Warning(warning);
        var split = DatasetSplit.Of(images, fraction, call.Value(s_seed));
        if (data.Parts is [_, _, ..] parts)
            call.Report.Warning($"{string.Join(", ", parts.Select(part => $"{Printable.Of(part)}/"))}: are put together and divided anew");
        split.Write(folder, Enum.Parse<SplitMode>(call.Value(s_mode)!, ignoreCase: true), call.Stop);
        if (split.InBoth.Count > 0)
            call.Report.Warning($"too small for the fraction, so all their images are in both parts: {string.Join(", ", split.InBoth.Select(Printable.Of))}");
        call.Report.Line($"{Amount.Of(split.Train.Count, "image")} to train on and {split.Validation.Count} to validate with in {Printable.Of(folder)}");
        call.Report.Object(json =>
        {
            json.WriteString("folder", folder);
            json.WriteNumber("train", split.Train.Count);
            json.WriteNumber("val", split.Validation.Count);
            json.WriteStartArray("in_both");
            foreach (var name in split.InBoth) json.WriteStringValue(name);
            json.WriteEndArray();
        });
        return ExitCodes.Ok;
    }
}
