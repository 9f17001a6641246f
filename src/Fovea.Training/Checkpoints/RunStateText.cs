using System.Text;
using System.Text.Json;

namespace Fovea.Training.Checkpoints;

/// <summary>A <see cref="RunState"/> as JSON; numbers come back exactly.</summary>
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

    /// <exception cref="JsonException">The text is no JSON.</exception>
    /// <exception cref="KeyNotFoundException">A number is missing.</exception>
    internal static RunState Read(string text)
    {
        using var document = JsonDocument.Parse(text);
        var json = document.RootElement;
        return new()
        {
            Epoch = json.GetProperty("epoch").GetInt32(),
            Batch = json.GetProperty("batch").GetInt32(),
            Batches = json.GetProperty("batches").GetInt64(),
            Step = json.GetProperty("step").GetInt64(),
            PendingBatches = json.GetProperty("pending_batches").GetInt32(),
            PendingSamples = json.GetProperty("pending_samples").GetInt32(),
            Samples = json.GetProperty("samples").GetInt64(),
            LossSum = json.GetProperty("loss_sum").GetDouble(),
            Hits = json.GetProperty("hits").GetInt64(),
            BestTop1 = json.GetProperty("best_top1").GetDouble(),
            BestEpoch = json.GetProperty("best_epoch").GetInt32(),
            Seconds = json.GetProperty("seconds").GetDouble(),
            BadImages = [.. json.GetProperty("bad_images").EnumerateArray().Select(name => name.GetString()!)],
        };
    }
}
