using System.CommandLine;
using System.Globalization;
using Fovea.Cli.Usage;
using Fovea.Naming;
using Fovea.Recipes;
using Fovea.Training.Recipes;

namespace Fovea.Cli.Work;

/// <summary>The options of a run that everybody types, as flags: each is one key of the recipe.</summary>
internal static class TrainFlags
{
    private static readonly Option<int?> s_epochs = new("--epochs") { Description = "How often every training image is seen (train.epochs)", HelpName = "N" };

    private static readonly Option<string?> s_batch = new("--batch-size")
    {
        Description = "Images in a batch (train.batch_size); auto is the largest power of two whose plan fits in half of the memory and that leaves an "
            + "epoch 20 updates",
        HelpName = "N|auto",
    };

    private static readonly Option<double?> s_rate = new("--lr") { Description = "The learning rate (optimizer.learning_rate)", HelpName = "RATE" };

    private static readonly Option<int?> s_early = new("--early-stop")
    {
        Description = "End when so many epochs have brought no better top-1 (train.early_stop)", HelpName = "N",
    };

    private static readonly Option<string?> s_weights = Choice.Optional(
        "--class-weights", "How classes weigh in the loss (loss.class_balance 1 or 0); balanced: as much as others, however rare", "balanced", "none");

    internal static Option[] All => [s_epochs, s_batch, s_rate, s_early, s_weights];

    /// <summary>What the flags change of a recipe.</summary>
    /// <exception cref="UsageException">A value is no number.</exception>
    internal static IEnumerable<RecipeOverride> Overrides(Invocation call)
    {
        if (call.Has(s_epochs)) yield return Of(s_epochs, "train.epochs", call.Value(s_epochs));
        if (call.Has(s_batch)) yield return new($"{s_batch.Name} {Printable.Line(call.Value(s_batch)!)}", "train.batch_size", Batch(call.Value(s_batch)!));
        if (call.Has(s_rate)) yield return Of(s_rate, "optimizer.learning_rate", call.Value(s_rate));
        if (call.Has(s_early)) yield return Of(s_early, "train.early_stop", call.Value(s_early));
        if (call.Value(s_weights) is { } weights) yield return new($"{s_weights.Name} {weights}", "loss.class_balance", weights == "balanced" ? "1" : "0");
    }

    private static string Batch(string text) =>
        text == "auto" ? "0"
            : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number is >= 1 and <= TrainOptions.MostImages
                ? number.ToString(CultureInfo.InvariantCulture)
                : throw new UsageException($"{s_batch.Name} is '{Printable.Line(text)}'; wanted a whole number from 1 to {TrainOptions.MostImages}, or auto");

    private static RecipeOverride Of<T>(Option<T> option, string path, object? value)
    {
        var text = Convert.ToString(value, CultureInfo.InvariantCulture)!;
        return new($"{option.Name} {text}", path, text);
    }
}
