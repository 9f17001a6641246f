using System.CommandLine;
using Fovea.Cli.Usage;
using Fovea.Cli.Work;
using Fovea.Recipes;

namespace Fovea.Cli.Commands;

/// <summary><c>fovea recipe</c>: what a recipe may hold, and what one comes to.</summary>
internal static class RecipeCommand
{
    private static readonly Argument<string?> s_file = new("FILE") { Description = "The recipe; without it, the defaults", Arity = ArgumentArity.ZeroOrOne };

    internal static Command Create() => new Command("recipe", "Show what recipes hold").With(
        new Command("show", "Print a recipe with every option, after --set").With(s_file, RecipeFlags.Set).Runs(Show),
        new Command("keys", "Print all options with their defaults, as Markdown").Runs(Keys));

    private static int Show(Invocation call)
    {
        var recipe = RecipeReader.Read(call.Value(s_file), RecipeFlags.Overrides(call));
        var text = RecipeWriter.Write(recipe);
        call.Report.Text(text);
        call.Report.Object(json => json.WriteString("recipe", text));
        return ExitCodes.Ok;
    }

    private static int Keys(Invocation call)
    {
        var text = RecipeReference.Write();
        call.Report.Text(text);
        call.Report.Object(json => json.WriteString("markdown", text));
        return ExitCodes.Ok;
    }
}
