using Fovea.Import.Foreign;

namespace Fovea.Import.Systems;

/// <summary>Batches of a card, of which several cards make an update, and batches of all cards together.</summary>
internal static class Batches
{
    /// <summary>A batch of one card: as many batches as there are cards make an update, and norms see those of a card, as there.</summary>
    /// <param name="translation">The import.</param>
    /// <param name="batch">The images in a batch of a card.</param>
    /// <param name="accumulation">Batches that a card adds up to an update.</param>
    /// <returns>The images of an update.</returns>
    internal static int PerCard(Translation translation, ForeignValue batch, ForeignValue? accumulation = null)
    {
        var (cards, steps) = (translation.Options.Cards, Math.Max(1, accumulation?.Whole ?? 1));
        var images = (int)Math.Min(int.MaxValue, (long)Math.Max(0, batch.Whole) * cards * steps);
        var figures = $"{batch.Whole} images of a card · {cards} cards{(steps > 1 ? $" · {steps} batches" : "")} = {images} images of an update";
        translation.Set(batch, "train.batch_size", batch.Whole, cards == 1 ? "images of a card; --cards N makes an update of N such batches" : figures);
        var batches = (int)Math.Min(int.MaxValue, (long)cards * steps);
        if (accumulation is not null) translation.Set(accumulation, "train.accumulate", batches, cards > 1 ? $"{steps} · {cards} cards" : "");
        else if (cards > 1) translation.Always("train.accumulate", cards, $"--cards {cards}");
        return images;
    }

    /// <summary>A batch of all cards together: with several, each took its part, by which norms go there.</summary>
    /// <returns>The images of an update.</returns>
    internal static int InTotal(Translation translation, ForeignValue batch)
    {
        var cards = translation.Options.Cards;
        if (cards == 1)
        {
            translation.Set(batch, "train.batch_size", batch.Whole, "images of all cards together");
            return batch.Whole;
        }

        var each = Math.Max(1, batch.Whole / cards);
        translation.Set(batch, "train.batch_size", each, $"{batch.Whole} images of all cards together / {cards} cards");
        translation.Always("train.accumulate", cards, $"--cards {cards}");
        return each * cards;
    }
}
