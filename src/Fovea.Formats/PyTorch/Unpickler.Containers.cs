namespace Fovea.Formats.PyTorch;

internal sealed partial class Unpickler
{
    private bool Container(char op)
    {
        switch (op)
        {
            case ')': Push(Array.Empty<object?>()); break;
            case '\x85': Push(Tuple(1)); break;
            case '\x86': Push(Tuple(2)); break;
            case '\x87': Push(Tuple(3)); break;
            case 't': Push(PopMarked()); break;
            case ']' or '\x8f': Push(new PickleList()); break;
            case 'l' or '\x91': Push(ListOf(PopMarked())); break;
            case 'a': Append([Pop()]); break;
            case 'e' or '\x90': Append(PopMarked()); break;
            case '}': Push(new PickleDict()); break;
            case 'd': Push(DictionaryOf(PopMarked())); break;
            case 's': SetItem(); break;
            case 'u': SetItems(PopMarked()); break;
            default: return false;
        }

        return true;
    }

    private object?[] Tuple(int count)
    {
        var items = new object?[count];
        for (var i = count - 1; i >= 0; i--) items[i] = Pop();
        return items;
    }

    private static PickleList ListOf(object?[] items)
    {
        var list = new PickleList();
        list.Add(items);
        return list;
    }

    private PickleDict DictionaryOf(object?[] items)
    {
        Push(new PickleDict());
        SetItems(items);
        return (PickleDict)Pop()!;
    }

    private void Append(object?[] items)
    {
        switch (Top())
        {
            case PickleList list: list.Add(items); break;
            case Opaque: break;   // an instance of an unknown class; its content is not kept
            default: throw input.Fail("appends to something that is not a list");
        }
    }

    private void Set(PickleDict dictionary, object? key, object? value)
    {
        if (key is string name) Spend(name.Length / CharactersAtOnce);   // one long key can be set again and again
        dictionary.Set(key, value);
    }

    private void SetItem()
    {
        var value = Pop();
        SetItems([Pop(), value]);
    }

    private void SetItems(object?[] items)
    {
        if (items.Length % 2 != 0) throw input.Fail($"sets {items.Length} keys and values; wanted an even number");
        switch (Top())
        {
            case PickleDict dictionary:
                for (var i = 0; i < items.Length; i += 2) Set(dictionary, items[i], items[i + 1]);
                break;
            case Opaque:
                break;
            default:
                throw input.Fail("sets entries of something that is not a dictionary");
        }
    }
}
