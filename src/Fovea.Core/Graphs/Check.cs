using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Text;
using Fovea.Tensors;

namespace Fovea.Graphs;

/// <summary>Checks of shape rules; a check that passes formats no message.</summary>
public static class Check
{
    /// <summary>Throws unless <paramref name="condition"/> holds.</summary>
    /// <param name="condition">The rule.</param>
    /// <param name="op">The operation whose rule it is.</param>
    /// <param name="message">What is, with values, and what was wanted.</param>
    /// <exception cref="ShapeException">The condition does not hold.</exception>
    public static void That(
        [DoesNotReturnIf(false)] bool condition, Op op, [InterpolatedStringHandlerArgument(nameof(condition))] ref Message message)
    {
        if (!condition) throw new ShapeException($"{op.Name}: {message.Text}");
    }

    /// <summary>Throws unless an operation has the inputs that it takes.</summary>
    /// <exception cref="ShapeException">The number differs.</exception>
    public static void Count(int wanted, int given, Op op) => That(given == wanted, op, $"{given} inputs; wanted {wanted}");

    /// <summary>Throws unless an attribute is a finite number.</summary>
    /// <exception cref="ShapeException">It is infinite or no number.</exception>
    public static void Finite(double number, Op op, string name) => That(double.IsFinite(number), op, $"{name} {number}; wanted a finite number");

    /// <summary>Throws unless the work of an operation, <paramref name="elements"/> times <paramref name="each"/>, can be counted and done.</summary>
    /// <exception cref="ShapeException">It is more than <see cref="GraphLimits.Work"/>.</exception>
    public static void Work(long elements, long each, Op op) =>
        That((Int128)elements * each <= GraphLimits.Work, op, $"{elements} elements of {each} operations each; wanted at most {GraphLimits.Work} in all");

    /// <summary>The message of a check that failed.</summary>
    [InterpolatedStringHandler]
    public ref struct Message
    {
        private readonly StringBuilder? _text;

        /// <summary>Called by the compiler; does nothing when the condition holds.</summary>
        public Message(int literalLength, int formattedCount, bool condition, out bool failed)
        {
            failed = !condition;
            if (failed) _text = new StringBuilder(literalLength + (8 * formattedCount));
        }

        internal readonly string Text => _text?.ToString() ?? "";

        /// <summary>Called by the compiler.</summary>
        public readonly void AppendLiteral(string text) => _text!.Append(text);

        /// <summary>Called by the compiler.</summary>
        public readonly void AppendFormatted<T>(T value) => _text!.Append(value);
    }
}
