using System.CommandLine;
using Fovea.Cli.Usage;
using Fovea.Import.Foreign;
using Fovea.Recipes;

namespace Fovea.Cli.Foreign;

/// <summary>Flags for configurations of other systems.</summary>
internal static class ForeignFlags
{
    internal static Option<int> Cards { get; } = new("--cards")
    {
        Description = "The cards that a configuration of another system was written for: as many of its batches make an update",
        HelpName = "N",
        DefaultValueFactory = _ => 1,
    };

    internal static Option<string[]> Override { get; } = new("--override")
    {
        Description = "Replace a value of a configuration of another system before it is translated (for a recipe as --set), as in "
            + "--override Optimizer.lr.learning_rate=0.2; may be repeated",
        HelpName = "KEY=VALUE",
        Arity = ArgumentArity.OneOrMore,
    };

    /// <summary>What the flags say about a foreign file.</summary>
    internal static ImportOptions Options(Invocation call) => new()
    {
        Cards = call.Has(Cards) ? call.Within(Cards, 1, ImportOptions.MostCards) : 1,
        Changes = Overrides(call),
    };

    /// <summary>What replaces values before a file is translated.</summary>
    internal static IReadOnlyList<RecipeOverride> Overrides(Invocation call) =>
        [.. (call.Has(Override) ? call.Value(Override)! : []).Select(text => RecipeOverride.Parse(text, Override.Name))];
}
