using System.CommandLine;
using System.Text;
using Fovea.Cli.Usage;
using Fovea.Cli.Foreign;
using Fovea.Cli.Work;
using Fovea.Formats;
using Fovea.Import;
using Fovea.Naming;

namespace Fovea.Cli.Commands;

/// <summary><c>fovea recipe import</c>: the recipe that a configuration of another system comes to, and what became of each of its keys.</summary>
internal static class RecipeImportCommand
{
    private static readonly Argument<string> s_file = new("FILE") { Description = "The configuration; its system is known by what it holds (docs/import.md)" };

    private static readonly Option<bool> s_strict =
        new("--strict") { Description = "Where a key asks for what cannot be done here, write no recipe; the exit code is 4" };

    private static readonly Option<string?> s_out = new("--out") { Description = "Write the recipe to a file", HelpName = "FILE" };

    internal static Command Create() => new Command("import", "Translate a configuration of another system, key by key")
        .With(s_file, ForeignFlags.Cards, ForeignFlags.Override, s_strict, s_out).Runs(Run);

    private static int Run(Invocation call)
    {
        var file = call.Value(s_file)!;
        if (call.Value(s_out) is { } target) CheckTarget(target, file);
        var imported = RecipeImport.Read(file, ForeignFlags.Options(call));
        // As comments, so that what is printed is a recipe as a whole.
        call.Report.Text(string.Concat(ImportText.Lines(imported).Select(line => $"# {line}\n")));
        var impossible = ImportText.Impossible(imported);
        var isRefused = imported.Refusals.Count > 0 || (call.Value(s_strict) && impossible.Count > 0);
        if (!isRefused) Write(call, imported);
        call.Report.Object(json => ImportText.Write(json, imported));
        if (!isRefused) return ExitCodes.Ok;
        call.Report.Error(
            imported.Refusals.Count > 0
                ? string.Join('\n', imported.Refusals)
                : $"{Printable.Of(file)}: {Amount.Of(impossible.Count, "key")} cannot be done here, which --strict refuses: {string.Join(", ", impossible.Select(line => line.Key))}");
        return ExitCodes.Untranslated;
    }

    private static void CheckTarget(string target, string file)
    {
        if (Path.GetFullPath(target) == Path.GetFullPath(file)) throw new UsageException($"--out {Printable.Of(target)}: is the configuration itself; wanted another file");
        FileKind.RecipeOf(target).CheckTarget(target);
    }

    private static void Write(Invocation call, ImportedRecipe imported)
    {
        if (call.Value(s_out) is not { } place)
        {
            call.Report.Text(imported.Text);
            return;
        }

        AtomicFile.Write(place, stream => stream.Write(Encoding.UTF8.GetBytes(imported.Text)));
        call.Report.Log($"the recipe is in {Printable.Of(place)}");
    }
}
