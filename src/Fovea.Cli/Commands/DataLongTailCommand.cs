using System.CommandLine;
using System.Globalization;
using Fovea.Cli.Output;
using Fovea.Cli.Usage;
using Fovea.Cli.Work;
using Fovea.Data.Sources;
using Fovea.Naming;

namespace Fovea.Cli.Commands;

/// <summary><c>fovea data longtail</c>: makes classes of a data set rarer, one more than the other.</summary>
internal static class DataLongTailCommand
{
    private static readonly Argument<string> s_place = DataCommand.Place();
    private static readonly Argument<string> s_output = new("OUT") { Description = "The folder to write; new or empty" };
    private static readonly Option<double> s_factor = new("--factor")
    {
        Description = "How many times as many images the first class keeps as the last; those between decay exponentially",
        HelpName = "F",
        DefaultValueFactory = _ => 100,
    };

    private static readonly Option<ulong> s_seed = new("--seed") { Description = "Which images are kept follows from it; default 0", HelpName = "N" };
    private static readonly Option<string> s_mode = Choice.Of("--mode", "What is written: links to the images, or copies", "link", "copy");

    internal static Command Create() => new Command("longtail", "Make a long-tailed subset, as CIFAR-10-LT is")
        .With(s_place, s_output, s_factor, s_seed, s_mode).With(DataFlags.All).Runs(Run);

    private static int Run(Invocation call)
    {
        var (place, folder, factor) = (call.Value(s_place)!, call.Value(s_output)!, call.Value(s_factor));
        if (!(factor >= 1 && double.IsFinite(factor)))
            throw new UsageException(
                FormattableString.Invariant($"--factor is {factor}; wanted a number from 1 on"));
        DataCommand.CheckApart("OUT", folder, place);
        var parts = DataFlags.Find(call, place).Open(new() { ValidationFraction = 0, AllowEmptyClasses = true }, call.Stop);
        foreach (var warning in parts.Warnings) call.Report.Warning(warning);
        var train = LongTail.Of(parts.Train, factor, call.Value(s_seed));
        LongTail.Write(folder, train, parts.Validation, call.Value(s_mode) == "link", call.Stop);
        Print(call, folder, parts, train);
        return ExitCodes.Ok;
    }

    private static void Print(Invocation call, string folder, DataParts parts, ImageSelection train)
    {
        var (before, after) = (parts.Train.CountClasses(), train.CountClasses());
        var wanted = LongTail.Sizes(before.Max(), before.Length, call.Value(s_factor));
        string[] scarce = [.. parts.ClassNames.Where((_, label) => after[label] < wanted[label]).Select(Printable.Of)];
        if (scarce.Length > 0) call.Report.Warning($"fewer images than the factor leaves, so all are kept: {string.Join(", ", scarce)}");
        var table = new TextTable("class", ">images", ">kept");
        foreach (var (label, name) in parts.ClassNames.Index())
            table.Row(Printable.Short(name, call.Report.Terminal.NameWidth), Whole(before[label]), Whole(after[label]));
        call.Report.Table(table);
        call.Report.Line($"{Amount.Of(train.Count, "image")} to train on, {parts.Validation.Count} to validate with, all that there were, "
            + $"in {Printable.Of(folder)}");
        call.Report.Object(json =>
        {
            json.WriteString("folder", folder);
            json.WriteNumber("train", train.Count);
            json.WriteNumber("val", parts.Validation.Count);
            json.WriteStartArray("classes");
            foreach (var (label, name) in parts.ClassNames.Index())
            {
                json.WriteStartObject();
                json.WriteString("name", name);
                json.WriteNumber("images", before[label]);
                json.WriteNumber("kept", after[label]);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        });
    }

    private static string Whole(int count) => count.ToString(CultureInfo.InvariantCulture);
}
