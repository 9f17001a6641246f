using System.Globalization;
using System.Text;
using System.Text.Json;
using Fovea.Training.State;

namespace Fovea.Training.Checkpoints;

/// <summary>A <see cref="RunState"/> as JSON; numbers come back exactly, and only those that a run can have.</summary>
internal static class RunStateText
{
    internal static string Write(RunState state)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteNumber("epoch", state.Epoch);
            json.WriteNumber("batch", state.Batch);
            json.WriteNumber("batches", state.Batches);
            json.WriteNumber("step", state.Step);
            json.WriteNumber("pending_batches", state.PendingBatches);
            json.WriteNumber("pending_samples", state.PendingSamples);
            json.WriteNumber("samples", state.Samples);
            json.WriteNumber("loss_sum", state.LossSum);
            json.WriteNumber("hits", state.Hits);
            json.WriteNumber("best_top1", state.BestTop1);
            json.WriteNumber("best_epoch", state.BestEpoch);
            json.WriteNumber("seconds", state.Seconds);
            json.WriteStartArray("bad_images");
            foreach (var name in state.BadImages) json.WriteStringValue(name);
            json.WriteEndArray();
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length);
    }

    /// <summary>Reads a state of a run about <paramref name="facts"/>.</summary>
    /// <exception cref="JsonException">The text is no JSON.</exception>
    /// <exception cref="InvalidOperationException">It is no object.</exception>
    /// <exception cref="FormatException">An entry is missing, or is none that a run can have; the message names it, its value and its range.</exception>
    internal static RunState Read(string text, RunFacts facts)
    {
        using var document = JsonDocument.Parse(text);
        var json = document.RootElement;
        var epoch = (int)Whole(json, "epoch", 0, int.MaxValue - 1);
        var batch = (int)Whole(json, "batch", 0, int.MaxValue - 1);
        var batches = Whole(json, "batches", (long)epoch + batch, int.MaxValue);
        var pendingBatches = (int)Whole(json, "pending_batches", 0, Math.Min(batch, facts.Accumulate - 1));
        var samples = Whole(json, "samples", batch, (long)batch * facts.BatchSize);
        var bestEpoch = (int)Whole(json, "best_epoch", 0, epoch + 1L);
        return new()
        {
            Epoch = epoch,
            Batch = batch,
            Batches = batches,
            Step = Whole(json, "step", 0, batches),
            PendingBatches = pendingBatches,
            PendingSamples = (int)Whole(json, "pending_samples", pendingBatches, Math.Min(samples, (long)pendingBatches * facts.BatchSize)),
            Samples = samples,
            LossSum = Number(json, "loss_sum", double.MinValue, double.MaxValue),
            Hits = Whole(json, "hits", 0, samples),
            BestTop1 = bestEpoch == 0 ? Number(json, "best_top1", -1, -1) : Number(json, "best_top1", 0, 1),
            BestEpoch = bestEpoch,
            Seconds = Number(json, "seconds", 0, double.MaxValue),
            BadImages = Names(json, "bad_images"),
        };
    }

    private static long Whole(JsonElement json, string name, long low, long high)
    {
        var entry = Entry(json, name);
        return entry.ValueKind == JsonValueKind.Number && entry.TryGetInt64(out var number) && number >= low && number <= high
            ? number
            : throw Refuse(name, entry, string.Create(CultureInfo.InvariantCulture, $"a whole number from {low} to {high}"));
    }

    private static double Number(JsonElement json, string name, double low, double high)
    {
        var entry = Entry(json, name);
        return entry.ValueKind == JsonValueKind.Number && entry.TryGetDouble(out var number) && number >= low && number <= high
            ? number
            : throw Refuse(name, entry, string.Create(CultureInfo.InvariantCulture, $"a number from {low:R} to {high:R}"));
    }

    private static string[] Names(JsonElement json, string name)
    {
        var entry = Entry(json, name);
        return entry.ValueKind == JsonValueKind.Array && entry.EnumerateArray().All(item => item.ValueKind == JsonValueKind.String)
            ? [.. entry.EnumerateArray().Select(item => item.GetString()!)]
            : throw Refuse(name, entry, "a list of names");
    }

    private static JsonElement Entry(JsonElement json, string name) =>
        json.TryGetProperty(name, out var entry) ? entry : throw new FormatException($"its state lacks '{name}'");

    private static FormatException Refuse(string name, JsonElement entry, string wanted)
    {
        const int shown = 40;
        var text = entry.GetRawText();
        return new($"its state has {name} {(text.Length > shown ? $"{text[..shown]}…" : text)}; wanted {wanted}");
    }
}
